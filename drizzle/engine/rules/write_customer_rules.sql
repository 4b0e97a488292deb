-- Writes a customer's rules for a use, replacing the previous ones: without a tier for plain uses (customer_rules),
-- the others with a price (customer_priced_rules). The caller holds the customer's row.
create or replace function subctl_internal.write_customer_rules(made subctl.customer_priced_rules) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if made.tier is not null then
    delete from subctl.customer_priced_rules r
     where r.customer_id = made.customer_id and r.kind = made.kind and r.provider = made.provider
       and r.model = made.model;
    insert into subctl.customer_priced_rules select (made).*;
    return;
  end if;
  if made.fields = array_fill(1, array[cardinality(made.slots)]) then made.fields := null; end if;
  insert into subctl.customer_rules (
    customer_id, kind, generation, catalog, live_from, live_until, canonical, slots, fields, stops, heads, windows,
    subscription_id, plan_id, version, opening, credit_cost, grant_id, spans, marked)
  values (
    made.customer_id, made.kind, made.generation, made.catalog, made.live_from, made.live_until, made.canonical,
    made.slots, made.fields, made.stops, made.heads, made.windows, made.subscription_id, made.plan_id, made.version,
    made.opening, made.credit_cost, made.grant_id, made.spans, made.marked)
  on conflict (customer_id, kind) do update
     set (generation, catalog, live_from, live_until, canonical, slots, fields, stops, heads, windows, subscription_id,
          plan_id, version, opening, credit_cost, grant_id, spans, marked)
       = (excluded.generation, excluded.catalog, excluded.live_from, excluded.live_until, excluded.canonical,
          excluded.slots, excluded.fields, excluded.stops, excluded.heads, excluded.windows, excluded.subscription_id,
          excluded.plan_id, excluded.version, excluded.opening, excluded.credit_cost, excluded.grant_id,
          excluded.spans, excluded.marked);
end $$;
