-- Returns the beginning of each limit in an answer, up to its usage. `windows` has, for all limits in turn, the
-- numbers of the windows, the limits, the starts and the ends, in the form of an event's `result` and of
-- customer_rules.
create or replace function subctl_internal.limit_heads(windows numeric[]) returns text[]
language plpgsql stable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_count int := cardinality(windows) / 4;
begin
  return (
    select array_agg(concat(case when l.place > 1 then ', ' end, '{"meter": ', to_json(w.meter_id), ', "window": ',
             to_json(w."window"), ', "scope": ', to_json(w.scope), ', "limit": ',
             coalesce('"' || trim_scale(windows[v_count + l.place]) || '"', 'null'), ', "window_start": ',
             coalesce('"' || subctl_internal.iso(to_timestamp(windows[2 * v_count + l.place]::float8)) || '"', 'null'),
             ', "resets_at": ',
             coalesce('"' || subctl_internal.iso(to_timestamp(windows[3 * v_count + l.place]::float8)) || '"', 'null'),
             ', "used": "') order by l.place)
      from unnest(windows[1 : v_count]) with ordinality l(id, place)
      join subctl.meter_windows w on w.id = l.id);
end $$;
