-- The anchored period [start, end) of interval `every` that contains `at`, on the wall clock of zone tz (R1 to R4).
create or replace function subctl.period_at(anchor timestamptz, every text, at timestamptz, tz text) returns tstzrange
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v record;
begin
  if every ~ '^[1-9][0-9]{0,2}mo$' and anchor is not null then   -- nearly all of them: half the time
    return subctl.anchored_bounds(anchor, left(every, -2)::int, 0, at, tz);
  end if;
  v := subctl.interval_parts(every);   -- an expression: half the time of a select
  return subctl.window_bounds('anchored_' || v.unit, anchor, at, tz, v.n);
end $$;
