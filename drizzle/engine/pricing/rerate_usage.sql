-- Sets the cost of a customer's uses to the price list of their own time (R25), in the event and, by the
-- difference, in every window of a cost meter. A closed window gets an adjustment (R13). Returns the rows of
-- `rerating`. Limits exceeded thereby refuse the next use. Locks the customer.
create or replace function subctl_internal.rerate_usage(
  p_customer text, p_from_at timestamptz, p_to_at timestamptz, p_of_provider text, p_of_model text, p_priced boolean,
  p_as_of timestamptz)
returns table (id uuid, at timestamptz, provider text, model text, cost_before numeric, cost_after numeric,
               unpriced_before boolean, price_before timestamptz, price_after timestamptz)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_event record;
  v_meter record;
begin
  perform subctl_internal.lock_customers(array[p_customer]);
  for v_event in
    select r.id, r.at, r.kind, r.provider, r.model, r.cost_before, r.cost_after,
           r.cost_after - coalesce(r.cost_before, 0) as more, r.price_from, r.price_provider,
           o.price_from as price_before, o.unpriced, o.member_id, o.session_id
      from subctl_internal.rerating(p_customer, p_from_at, p_to_at, p_of_provider, p_of_model, p_priced) r
      join subctl.usage_events o on o.customer_id = p_customer and o.at = r.at and o.id = r.id
     order by r.at, r.id
  loop
    for v_meter in
      select x.id from subctl.meters x
       cross join lateral subctl_internal.metered_events(p_customer, x.id, null, v_event.at,
                                                         v_event.at + interval '1 microsecond') a
       where x.field = 'cost' and x.aggregation <> 'count' and a.id = v_event.id and v_event.more <> 0
         -- a use of a meter's own id counts the quantity, not the cost
         and not (x.id = v_event.kind and not exists (select 1 from subctl.kinds k where k.id = v_event.kind))
       order by x.id collate "C"
    loop
      perform subctl_internal.move_usage(p_customer, v_meter.id, v_event.id, v_event.at, v_event.member_id,
                                         v_event.session_id, v_event.more, p_as_of, 'rerated');
    end loop;
    update subctl.usage_events o
       set cost = v_event.cost_after, price_from = v_event.price_from, price_provider = v_event.price_provider,
           unpriced = false
     where o.customer_id = p_customer and o.at = v_event.at and o.id = v_event.id;
    id := v_event.id; at := v_event.at; provider := v_event.provider; model := v_event.model;
    cost_before := v_event.cost_before; cost_after := v_event.cost_after; unpriced_before := v_event.unpriced;
    price_before := v_event.price_before; price_after := v_event.price_from;
    return next;
  end loop;
end $$;
