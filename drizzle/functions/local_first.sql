-- The first instant at which the wall clock of zone tz shows l or later, for calendar windows: of a repeated time the
-- earlier one, and where the clock jumps over l the end of the gap (a day without a midnight starts where it starts).
create or replace function subctl.local_first(l timestamp, tz text) returns timestamptz
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_instant timestamptz := l at time zone tz;
  v_back interval := ((v_instant - interval '25 hours') at time zone tz + interval '25 hours') - l;   -- no days in it: they have the session's hours
begin
  if v_back > interval '0' then
    return case when (v_instant - v_back) at time zone tz = l then v_instant - v_back else v_instant end;
  end if;
  if v_instant at time zone tz = l then                      -- the usual path: three conversions
    return v_instant;
  end if;
  return subctl.clock_shift(v_instant - interval '25 hours', v_instant, tz);
end $$;
