-- Locks the usage rows of customers, in order of their id, for the rest of the transaction. Other writers of their
-- usage or credits wait. Creates rows that are missing, those of totals first, as every writer does.
create or replace function subctl_internal.lock_customers(customers text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if subctl_internal.lock_totals($1) < cardinality($1) then
    -- another program may have inserted a customer without its usage rows
    insert into subctl.usage_totals (customer_id)
    select c.id from subctl.customers c where c.id = any($1) order by c.id on conflict do nothing;
    insert into subctl.customer_windows (customer_id)
    select c.id from subctl.customers c where c.id = any($1) order by c.id on conflict do nothing;
    perform subctl_internal.lock_totals($1);
  end if;
end $$;
