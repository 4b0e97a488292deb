-- Returns whether all months of events that a span overlaps are summed, and nothing was written to them since.
create or replace function subctl_internal.is_summed(p_from timestamptz, p_to timestamptz) returns boolean
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return not exists (
    select 1 from generate_series(date_trunc('month', p_from at time zone 'UTC'),
                                  (p_to - interval '1 microsecond') at time zone 'UTC', interval '1 month') m
     where not exists (select 1 from subctl.summed_months s where s.month = m::date));
end $$;
