-- The start of period k, always counted from the original anchor and never from the period before (R2), on the wall
-- clock of the anchor's zone, the day clamped to the month's end. Period 0 starts at the anchor itself; k may be
-- negative. A period is so many months or so many days, the other of the two being 0.
create or replace function subctl.anchored_start(anchor timestamptz, months int, days int, k int, tz text) returns timestamptz
language sql immutable parallel safe as $$
  select case when k = 0 then anchor
    else subctl.local_instant((anchor at time zone tz) + make_interval(months => k * months, days => k * days), tz) end
$$;
