-- Locks the usage rows of some customers for the rest of the transaction and returns these customers in order of their
-- id. Customers that another transaction holds are skipped, so that a page of a task never waits while it holds
-- customers itself. Creates no rows: a customer without usage rows has nothing for a page to do.
create or replace function subctl_internal.lock_free_customers(p_customers text[]) returns text[]
language plpgsql volatile set enable_seqscan = off set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return array(
    select t.customer_id from subctl.usage_totals t where t.customer_id = any (p_customers)
     order by t.customer_id for no key update skip locked);
end $$;
