-- Makes the usage rows of customers that have none yet, in order of their id, in a change that ends rules: a first use
-- that is under way has made them already and is waited for, or waits for this change. Totals that are there by then
-- have a new generation. Locks the customers' rows.
create or replace function subctl.start_generation(customers text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.usage_totals as t (customer_id)
  select c.id from subctl.customers c where c.id = any (customers) order by c.id
  on conflict (customer_id) do update set generation = t.generation + 1;
  insert into subctl.customer_windows (customer_id)
  select c.id from subctl.customers c where c.id = any (customers) order by c.id
  on conflict do nothing;
end $$;
