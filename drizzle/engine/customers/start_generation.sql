-- Creates the usage rows of customers without any, ordered by id, in a change that ends cached rules. A concurrent
-- first use has either created them already and is waited for, or waits for this change. Existing totals get a new
-- generation. Locks the customers' rows.
create or replace function subctl_internal.start_generation(customers text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  insert into subctl.usage_totals as t (customer_id)
  select c.id from subctl.customers c where c.id = any (customers) order by c.id
  on conflict (customer_id) do update set generation = t.generation + 1;
  insert into subctl.customer_windows (customer_id)
  select c.id from subctl.customers c where c.id = any (customers) order by c.id
  on conflict do nothing;
end $$;
