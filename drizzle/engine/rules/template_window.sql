-- Returns the window of a limit that contains the instant of a use (limit_window), for a customer whose zone has never
-- changed: calendar windows are those of the zone.
create or replace function subctl_internal.template_window(
  p_customer text, standing subctl.usage_standing, p_zone text, p_kind text, p_count int, p_restarts boolean)
  returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_window tstzrange;
begin
  if p_kind = 'period' then
    v_window := tstzrange(standing.period_start, standing.period_end);
  elsif p_kind in ('hour', 'day', 'week', 'month', 'year') then
    v_window := subctl_internal.zone_window(p_kind, standing.at, p_zone, p_count);
  else
    v_window := subctl_internal.limit_window(
      p_customer, p_kind, p_count, false, standing.at, standing.anchor, standing.anchor_timezone,
      standing.period_start, standing.period_end, standing.usage_from);
  end if;
  if p_restarts then
    v_window := tstzrange(greatest(lower(v_window), standing.usage_from), least(upper(v_window), standing.period_end));
  end if;
  return v_window;
end $$;
