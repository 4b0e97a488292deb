-- What is left of a subscription's period where a change of plan cuts it short at its end: its price times the days that are not used, by
-- local dates, exact, with words for the invoice (R30). No row where that period was not asked for.
create or replace function subctl.unused_value(s subctl.subscriptions, out value numeric, out words text) returns setof record
language sql stable as $$
  select s.price * s.quantity * d.left / greatest(d.of, 1), s.plan_id || ' (' || s.every || '), ' || d.left || ' of ' || d.of || ' days not used'
    from (select (s.cut_from at time zone s.anchor_timezone)::date - (s.current_period_end at time zone s.anchor_timezone)::date as left,
                 (s.cut_from at time zone s.anchor_timezone)::date - (s.current_period_start at time zone s.anchor_timezone)::date as of) d
   where s.collection in ('invoice', 'charge') and s.price > 0 and d.left > 0
     and exists (select from subctl.invoices i
                  where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status in ('open', 'paid')
                    and i.period_start >= s.current_period_start and i.period_start <= s.current_period_end)
$$;
