-- Calls flush_windows_of for one customer and locks the customer's row.
create or replace function subctl_internal.flush_windows(customer text, cut timestamptz) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
begin
  perform 1 from subctl.usage_totals t where t.customer_id = $1 for no key update;
  perform subctl_internal.flush_windows_of(array[$1], array[$2]);
end $$;
