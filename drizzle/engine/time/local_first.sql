-- Returns the first instant at which the wall clock of p_zone shows p_local or later, for calendar windows. Of a
-- repeated time it returns the earlier instant. If the clock jumps over p_local it returns the end of the gap, so a
-- day without midnight starts there.
create or replace function subctl_internal.local_first(p_local timestamp, p_zone text) returns timestamptz
language plpgsql immutable strict parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_instant timestamptz := p_local at time zone p_zone;
  -- no days in it: they have the session's hours
  v_back interval := ((v_instant - interval '25 hours') at time zone p_zone + interval '25 hours') - p_local;
begin
  if v_back > interval '0' then
    return case when (v_instant - v_back) at time zone p_zone = p_local then v_instant - v_back else v_instant end;
  end if;
  if v_instant at time zone p_zone = p_local then                      -- the usual path: three conversions
    return v_instant;
  end if;
  return subctl_internal.clock_shift(v_instant - interval '25 hours', v_instant, p_zone);
end $$;
