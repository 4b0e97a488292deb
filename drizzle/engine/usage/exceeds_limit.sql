-- Says whether a use asks more of a limit than there is room for: used and asked together may be exactly the limit
-- (R10), and what others hold is not there. Null is unlimited (R11).
create or replace function subctl.exceeds_limit(counted subctl.usage_count) returns boolean
language sql immutable parallel safe as $$
  select coalesce(
    counted.asked > 0 and counted.used + counted.asked > counted.limit_value - coalesce(counted.held, 0), false)
$$;
