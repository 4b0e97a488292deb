-- Returns the calendar window [start, end) of zone tz that contains `at`. The unit is day, week, month or year; a week
-- starts on ISO weekday first_day (R5: 1 is Monday). A window starts at local midnight or, if there is none, at the
-- first instant of that day. If midnight occurs twice (the clock goes back over it), the first one starts the window.
create or replace function subctl_internal.calendar_bounds(
  unit text, at timestamptz, tz text, first_day int) returns tstzrange
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_step interval := case unit when 'day' then interval '1 day' when 'week' then interval '7 days'
    when 'month' then interval '1 month' else interval '1 year' end;
  v_shift interval := case when unit = 'week' and first_day > 1 then make_interval(days => first_day - 1) end;
  v_local timestamp := at at time zone tz;
  v_start timestamptz;
  v_end timestamptz;
begin
  if v_shift is null then
    v_local := date_trunc(unit, v_local);
  else
    v_local := date_trunc(unit, v_local - v_shift) + v_shift;
  end if;
  v_start := subctl_internal.local_first(v_local, tz);
  loop
    v_local := v_local + v_step;
    v_end := subctl_internal.local_first(v_local, tz);
    exit when v_end > at;
    v_start := v_end;
  end loop;
  return tstzrange(v_start, v_end);
end $$;
