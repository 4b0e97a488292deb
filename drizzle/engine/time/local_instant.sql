-- Returns the instant at which the wall clock of p_zone shows p_local, for anchored periods (R4). A time in a gap
-- moves forward by the gap; of a repeated time it returns the earlier instant. PostgreSQL's own conversion returns the
-- later of two, so a clock that went back within the last 25 hours is looked for and the result is verified.
create or replace function subctl_internal.local_instant(p_local timestamp, p_zone text) returns timestamptz
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_instant timestamptz := p_local at time zone p_zone;
  -- no days in it: they have the session's hours
  v_back interval := ((v_instant - interval '25 hours') at time zone p_zone + interval '25 hours') - p_local;
begin
  if v_back > interval '0' and (v_instant - v_back) at time zone p_zone = p_local then
    return v_instant - v_back;
  end if;
  return v_instant;
end $$;
