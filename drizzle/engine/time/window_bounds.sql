-- Returns the window of one kind that contains p_at, for the kinds that window_kind returns. p_count is the months of
-- anchored_month, the days of anchored_day, the hours of rolling_hour, or the first ISO weekday of week. p_zone is the
-- customer's zone; for anchored kinds the anchor's. Windows are half-open [start, end), except rolling (p_at -
-- p_count, p_at] (R7). Only anchored kinds and term need the anchor. Called for every recording: keep it cheap.
create or replace function subctl_internal.window_bounds(
  p_kind text, p_anchor timestamptz, p_at timestamptz, p_zone text, p_count int) returns tstzrange
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if p_kind = 'anchored_month' and p_anchor is not null then
    return subctl_internal.anchored_bounds(p_anchor, p_count, 0, p_at, p_zone);
  elsif p_kind in ('day', 'month', 'week', 'year') then
    return subctl_internal.calendar_bounds(p_kind, p_at, p_zone, p_count);
  elsif p_kind = 'rolling_hour' then
    return tstzrange(p_at - make_interval(hours => p_count), p_at, '(]');
  elsif p_kind = 'anchored_day' and p_anchor is not null then
    return subctl_internal.anchored_bounds(p_anchor, 0, p_count, p_at, p_zone);
  elsif p_kind = 'hour' then
    return subctl_internal.hour_bounds(p_at, p_zone);
  elsif p_kind = 'term' and p_anchor is not null then
    return tstzrange(p_anchor, 'infinity');
  elsif p_kind in ('lifetime', 'session', 'each') then
    return tstzrange('-infinity', 'infinity');
  end if;
  if p_kind in ('anchored_month', 'anchored_day', 'term') then
    raise exception 'A % window has no bounds without an anchor', p_kind using errcode = 'SB002',
      hint = 'Give the instant at which the subscription started.';
  end if;
  raise exception '"%" is not a kind of window', p_kind using errcode = 'SB002',
    hint = 'Kinds are hour, day, week, month, year, anchored_month, anchored_day, rolling_hour, term, lifetime, '
      || 'session, each.';
end $$;
