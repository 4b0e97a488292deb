-- Locks the rows of totals that customers have, in order of their id, for the rest of the transaction, and returns how
-- many they are.
create or replace function subctl_internal.lock_totals(customers text[]) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_locked int;
begin
  perform 1 from subctl.usage_totals t where t.customer_id = any($1) order by t.customer_id for no key update;
  get diagnostics v_locked = row_count;
  return v_locked;
end $$;
