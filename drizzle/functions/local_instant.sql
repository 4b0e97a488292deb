-- The instant at which the wall clock of zone tz shows l, for anchored periods (R4): a time in a gap moves forward
-- by the gap, a repeated time takes the earlier instant. PostgreSQL's own conversion does the first but takes the
-- later of two, so a clock that went back within the last 25 hours is looked for; the guess is verified.
create or replace function subctl.local_instant(l timestamp, tz text) returns timestamptz
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_instant timestamptz := l at time zone tz;
  v_back interval := ((v_instant - interval '25 hours') at time zone tz + interval '25 hours') - l;   -- no days in it: they have the session's hours
begin
  if v_back > interval '0' and (v_instant - v_back) at time zone tz = l then
    return v_instant - v_back;
  end if;
  return v_instant;
end $$;
