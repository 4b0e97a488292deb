-- Gives a customer's uses the cost that the price list says for their own time (R25, K8): the event, and by the difference every window of a
-- meter of cost; a closed one gets an adjustment (R13). Returns what `rerating` said of each. Limits that are passed thereby refuse the next use.
create or replace function subctl.rerate_usage(customer text, from_at timestamptz, to_at timestamptz, of_provider text, of_model text, priced boolean,
  as_of timestamptz) returns table (id uuid, at timestamptz, provider text, model text, cost_before numeric, cost_after numeric, unpriced_before boolean, price_before timestamptz, price_after timestamptz)
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
#variable_conflict use_column
declare
  e record;
  m record;
begin
  perform subctl.lock_customers(array[$1]);
  for e in
    select r.id, r.at, r.kind, r.provider, r.model, r.cost_before, r.cost_after, r.cost_after - coalesce(r.cost_before, 0) as more, r.price_from, r.price_provider,
           o.price_from as price_before, o.unpriced, o.member_id, o.session_id
      from subctl.rerating($1, $2, $3, $4, $5, $6) r
      join subctl.usage_events o on o.customer_id = $1 and o.at = r.at and o.id = r.id
     order by r.at, r.id
  loop
    for m in
      select x.id from subctl.meters x
       cross join lateral subctl.metered_events($1, x.id, null, e.at, e.at + interval '1 microsecond') a
       where x.field = 'cost' and x.aggregation <> 'count' and a.id = e.id and e.more <> 0
         and not (x.id = e.kind and not exists (select from subctl.kinds k where k.id = e.kind))   -- a meter's own id counts the quantity
       order by x.id collate "C"
    loop
      perform subctl.move_usage($1, m.id, e.id, e.at, e.member_id, e.session_id, e.more, $7, 'rerated');
    end loop;
    update subctl.usage_events o set cost = e.cost_after, price_from = e.price_from, price_provider = e.price_provider, unpriced = false
     where o.customer_id = $1 and o.at = e.at and o.id = e.id;
    id := e.id; at := e.at; provider := e.provider; model := e.model; cost_before := e.cost_before; cost_after := e.cost_after; unpriced_before := e.unpriced;
    price_before := e.price_before; price_after := e.price_from;
    return next;
  end loop;
end $$;
