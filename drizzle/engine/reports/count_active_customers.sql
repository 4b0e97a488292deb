-- Counts customers with usage in each calendar month of p_timezone that overlaps a month of events and lies whole in
-- summed months. Reads marks and events in one statement, so the count belongs to one snapshot.
create or replace function subctl_internal.count_active_customers(p_month date, p_timezone text) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_month timestamp;
  v_start timestamptz;
  v_end timestamptz;
begin
  for v_month in select generate_series(p_month - interval '1 month', p_month + interval '1 month', interval '1 month')
  loop
    v_start := subctl_internal.local_first(v_month, p_timezone);
    v_end := subctl_internal.local_first(v_month + interval '1 month', p_timezone);
    continue when not subctl_internal.is_summed(v_start, v_end);
    insert into subctl.usage_active_customers (starts_at, ends_at, customers)
    select v_start, v_end, count(distinct e.customer_id)
      from subctl.usage_events e where e.at >= v_start and e.at < v_end
    having subctl_internal.is_summed(v_start, v_end)
    on conflict do nothing;
  end loop;
end $$;
