-- Deletes the sums of a month of events, with its marks and the counts of active customers that depend on the month.
create or replace function subctl_internal.drop_usage_sums(p_month date) returns void
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_start timestamptz := p_month::timestamp at time zone 'UTC';
  v_end timestamptz := (p_month + interval '1 month') at time zone 'UTC';
begin
  delete from subctl.usage_active_customers a where a.starts_at < v_end and a.ends_at > v_start;
  delete from subctl.usage_day_sums d where d.month = p_month;
  delete from subctl.usage_sums s where s.month = p_month;
  delete from subctl.usage_late_marks k where k.month = p_month;
end $$;
