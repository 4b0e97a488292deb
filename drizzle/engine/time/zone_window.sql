-- Returns the window of a kind that contains p_at in one zone, ignoring earlier zones. Anchored kinds count from the
-- beginning of 2000.
create or replace function subctl_internal.zone_window(
  p_kind text, p_at timestamptz, p_zone text, p_count int) returns tstzrange
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl_internal.window_bounds(p_kind,
                                       case when p_kind like 'anchored%' then subctl_internal.local_first('2000-01-01',
                                                                                                          p_zone) end,
                                       p_at, p_zone, p_count);
end $$;
