-- Returns the bounds of the window of one limit that contains the instant of a use (limit_window). A past window that
-- follows the subscription ends where its schedule changed, but continues where a window of the next schedule begins
-- at the same instant.
create or replace function subctl_internal.usage_window_bounds(
  customer text, standing subctl.usage_standing, counted subctl.usage_count) returns tstzrange
language plpgsql stable set search_path = pg_catalog, subctl, pg_temp as $$
declare
  restarts boolean := counted.restarts and counted.win_kind not in ('lifetime', 'each', 'session');
  bounds tstzrange := subctl_internal.limit_window(
    customer, counted.win_kind, counted.hours, restarts, standing.at, standing.anchor, standing.anchor_timezone,
    standing.period_start, standing.period_end, standing.usage_from);
  following tstzrange;
begin
  if standing.turns_at < upper(bounds) and (counted.win_kind = 'period' or counted.win_kind like 'anchored%') then
    if standing.next_from = standing.turns_at then
      following := subctl_internal.limit_window(
        customer, counted.win_kind, counted.hours, restarts, standing.turns_at, standing.next_anchor,
        standing.next_timezone, standing.next_start, standing.next_end, standing.usage_from);
      if lower(following) = lower(bounds) then return tstzrange(lower(bounds), upper(following)); end if;
    end if;
    return tstzrange(lower(bounds), standing.turns_at);
  end if;
  return bounds;
end $$;
