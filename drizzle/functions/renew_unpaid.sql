-- Writes the periods of a customer's past due subscription that have begun at `until`, and the plan that waited for one of
-- them: they go on by the dates, though nothing is asked for them while something is owed (R16, R31, R35, R36). Who
-- changes or ends such a subscription builds on that; recover_subscription asks for the period that runs. The caller
-- has locked the customer. Returns the number of periods.
create or replace function subctl.renew_unpaid(customer text, until timestamptz, as_of timestamptz, change text)
returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  s subctl.subscriptions%rowtype;
  n record;
  v_rows int := 0;
begin
  loop
    select * into s from subctl.subscriptions x
     where x.customer_id = $1 and x.status = 'past_due' and x.current_period_end <= $2
       and x.current_period_end < x.grace_until and x.auto_renew and not x.cancel_at_period_end
       and x.current_period_end is distinct from x.ends_at and x.collection <> 'stripe';
    exit when not found;
    select c.*, a.anchor, subctl.period_at(a.anchor, c.every, s.current_period_end, s.anchor_timezone) as period,
           case when not c.changes then s.pending_at end as cut, c.changes or a.anchor <> s.anchor as anew into n
      from (select w.changes, case when w.changes then coalesce(s.pending_every, s.every) else s.every end as every
              from (select s.pending_plan_id is not null
                             and (s.pending_at is null or s.pending_at <= s.current_period_end) as changes) w) c
     cross join lateral (
       select subctl.next_anchor(s.anchor, s.every, c.every, false, s.current_period_end, s.anchor_timezone) as anchor) a;
    if n.anew or s.pending_quantity is not null then
      perform subctl.post_due_credits(array[$1], s.current_period_end - interval '1 microsecond', $4);
    end if;
    if n.changes then
      update subctl.subscriptions x
         set plan_id = s.pending_plan_id, version = s.pending_version, price = coalesce(s.pending_price, s.price),
             collection = coalesce(s.pending_collection, s.collection),
             currency = coalesce(s.pending_currency, s.currency), pending_plan_id = null, pending_version = null,
             pending_every = null, pending_price = null, pending_collection = null, pending_currency = null,
             pending_at = null
       where x.customer_id = $1 and x.id = s.id;
      update subctl.credit_grants g set expires_at = s.current_period_end
       where g.customer_id = $1 and g.source in ('plan', 'rollover', 'reset') and g.expired_at is null
         and g.granted_at < s.current_period_end and g.expires_at > s.current_period_end;
    end if;
    update subctl.subscriptions x
       set every = n.every, anchor = n.anchor, current_period_start = s.current_period_end,
           current_period_end = least(upper(n.period), s.ends_at, n.cut),
           cut_from = case when n.cut < upper(n.period) then upper(n.period) end,
           usage_reset_at = s.current_period_end, epoch = s.epoch + 1,
           from_at = case when n.anew then s.current_period_end else s.from_at end,
           complimentary_periods = greatest(s.complimentary_periods - 1, 0),
           quantity = case when n.changes or s.pending_plan_id is null then coalesce(s.pending_quantity, s.quantity)
                           else s.quantity end,
           pending_quantity = case when not n.changes and s.pending_plan_id is not null then s.pending_quantity end,
           change_id = $4
     where x.customer_id = $1 and x.id = s.id;
    if n.anew then
      insert into subctl.subscription_segments (customer_id, subscription_id, from_at, previous_status, status, plan_id,
        version, every, anchor, anchor_timezone, period_start, period_end, cause, written_at, change_id)
      select $1, x.id, x.from_at, 'past_due', 'past_due', x.plan_id, x.version, x.every, x.anchor, x.anchor_timezone,
             x.current_period_start, x.current_period_end, case when n.changes then 'downgrade' else 'renewal' end, $3, $4
        from subctl.subscriptions x where x.customer_id = $1 and x.id = s.id
      on conflict (customer_id, subscription_id, from_at) do update
        set plan_id = excluded.plan_id, version = excluded.version, every = excluded.every, anchor = excluded.anchor,
            period_start = excluded.period_start, period_end = excluded.period_end, cause = excluded.cause,
            written_at = excluded.written_at, change_id = excluded.change_id;
    end if;
    insert into subctl.renewals (customer_id, subscription_id, period_start, attempt, period_end, at, outcome, reason,
      collection, currency, change_id)
    select $1, x.id, x.current_period_start, 1, x.current_period_end, $3, 'renewed',
           case when s.complimentary_periods > 0 then 'complimentary period' else 'past due, not charged' end,
           x.collection, x.currency, $4
      from subctl.subscriptions x where x.customer_id = $1 and x.id = s.id
    on conflict do nothing;
    v_rows := v_rows + 1;
  end loop;
  return v_rows;
end $$;
