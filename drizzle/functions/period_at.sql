-- The anchored period [start, end) of interval `every` that contains `at`, on the wall clock of zone tz (R1 to R4).
create or replace function subctl.period_at(anchor timestamptz, every text, at timestamptz, tz text) returns tstzrange
language plpgsql immutable parallel safe as $$
declare
  v_unit text;
  v_n int;
begin
  select p.unit, p.n into v_unit, v_n from subctl.interval_parts(every) p;
  return subctl.window_bounds('anchored_' || v_unit, anchor, at, tz, v_n);
end $$;
