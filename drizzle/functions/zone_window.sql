-- The window of a kind that contains `at` in one zone, as if there had never been another; anchored kinds are counted from the beginning
-- of 2000.
create or replace function subctl.zone_window(kind text, at timestamptz, tz text, n int) returns tstzrange
language plpgsql immutable set search_path = pg_catalog, subctl, pg_temp as $$
begin
  return subctl.window_bounds($1, case when $1 like 'anchored%' then subctl.local_first('2000-01-01', $3) end, $2, $3, $4);
end $$;
