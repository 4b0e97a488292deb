-- Returns the permanent number of (meter, window, scope); creates it for a limit that no plan has. From then on every
-- plan counts a window without an end.
create or replace function subctl_internal.meter_window(meter text, win text, scope text) returns int
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_id int;
begin
  select w.id into v_id from subctl.meter_windows w where w.meter_id = $1 and w."window" = $2 and w.scope = $3;
  if found then return v_id; end if;
  perform pg_advisory_xact_lock(7316);
  insert into subctl.meter_windows (id, meter_id, "window", scope)
  select coalesce(max(w.id), 0) + 1, $1, $2, $3 from subctl.meter_windows w
  on conflict do nothing;
  if found and $2 in ('lifetime', 'session') then perform subctl_internal.compile_all(); end if;
  return (select w.id from subctl.meter_windows w where w.meter_id = $1 and w."window" = $2 and w.scope = $3);
end $$;
