-- Returns the start of period p_index. It always counts from the original anchor (R2), on the wall clock of p_zone,
-- and clamps the day to the month's end. Period 0 starts at the anchor itself; p_index may be negative. A period is
-- p_months months or p_days days long; the other of the two is 0.
create or replace function subctl_internal.anchored_start(
  p_anchor timestamptz, p_months int, p_days int, p_index int, p_zone text) returns timestamptz
language sql immutable parallel safe as $$
  select case when p_index = 0 then p_anchor
    else subctl_internal.local_instant((p_anchor at time zone p_zone)
                                       + make_interval(months => p_index * p_months, days => p_index * p_days),
                                       p_zone) end
$$;
