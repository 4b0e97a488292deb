-- Locks the usage rows of customers, in order of their id, for the rest of the transaction. Other writers of their
-- usage or credits wait. Creates rows that are missing.
create or replace function subctl.lock_customers(customers text[]) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_locked int;
begin
  perform 1 from subctl.usage_totals t where t.customer_id = any($1) order by t.customer_id for no key update;
  get diagnostics v_locked = row_count;
  if v_locked < cardinality($1) then
    -- another program may have inserted a customer without its usage rows
    insert into subctl.usage_state (customer_id)
    select c.id from subctl.customers c where c.id = any($1) order by c.id on conflict do nothing;
    insert into subctl.usage_totals (customer_id)
    select c.id from subctl.customers c where c.id = any($1) order by c.id on conflict do nothing;
    perform 1 from subctl.usage_totals t where t.customer_id = any($1) order by t.customer_id for no key update;
  end if;
end $$;
