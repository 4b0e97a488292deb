-- The window of one kind that contains `at`: the one home of what a window is, in the words that window_kind compiles
-- a limit's text into. n: months of anchored_month, days of anchored_day, hours of rolling_hour, the first ISO weekday
-- of week. tz is the customer's zone; for anchored kinds the anchor's. Half-open [start, end), but rolling (at - n, at]
-- (R7). Anchored kinds and term need the anchor; the others ignore it. Called while usage is recorded: keep it lean.
create or replace function subctl.window_bounds(kind text, anchor timestamptz, at timestamptz, tz text, n int) returns tstzrange
language plpgsql immutable parallel safe set search_path = pg_catalog, subctl, pg_temp as $$
begin
  if kind = 'anchored_month' and anchor is not null then
    return subctl.anchored_bounds(anchor, n, 0, at, tz);
  elsif kind in ('day', 'month', 'week', 'year') then
    return subctl.calendar_bounds(kind, at, tz, n);
  elsif kind = 'rolling_hour' then
    return tstzrange(at - make_interval(hours => n), at, '(]');
  elsif kind = 'anchored_day' and anchor is not null then
    return subctl.anchored_bounds(anchor, 0, n, at, tz);
  elsif kind = 'hour' then
    return subctl.hour_bounds(at, tz);
  elsif kind = 'term' and anchor is not null then
    return tstzrange(anchor, 'infinity');
  elsif kind in ('lifetime', 'session', 'each') then
    return tstzrange('-infinity', 'infinity');
  end if;
  if kind in ('anchored_month', 'anchored_day', 'term') then
    raise exception 'A % window has no bounds without an anchor', kind using errcode = 'SB002',
      hint = 'Give the instant at which the subscription started.';
  end if;
  raise exception '"%" is not a kind of window', kind using errcode = 'SB002',
    hint = 'Kinds are hour, day, week, month, year, anchored_month, anchored_day, rolling_hour, term, lifetime, session, each.';
end $$;
