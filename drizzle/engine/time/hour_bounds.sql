-- Returns the clock hour [start, end) of zone tz that contains `at`: the instants around it with the same local hour
-- and the same offset. An hour that occurs twice is two windows, and a shift of less than an hour ends one early.
create or replace function subctl_internal.hour_bounds(at timestamptz, tz text) returns tstzrange
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_local timestamp := at at time zone tz;
  v_hour timestamp := date_trunc('hour', v_local);
  v_start timestamptz := at - (v_local - v_hour);
  v_end timestamptz := v_start + interval '1 hour';
  v_last timestamptz := v_end - interval '1 microsecond';
begin
  if v_start at time zone tz <> v_hour then                  -- another offset at either end: end at the shift
    v_start := subctl_internal.clock_shift(v_start, at, tz);
  end if;
  if v_last at time zone tz <> v_hour + interval '1 hour' - interval '1 microsecond' then
    v_end := subctl_internal.clock_shift(at, v_last, tz);
  end if;
  return tstzrange(v_start, v_end);
end $$;
