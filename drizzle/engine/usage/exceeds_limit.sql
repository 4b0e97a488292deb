-- Returns whether a use exceeds a limit: used and requested together may equal the limit (R10), and other reservations
-- are not available. Null is unlimited (R11).
create or replace function subctl_internal.exceeds_limit(counted subctl.usage_count) returns boolean
language sql immutable parallel safe as $$
  select coalesce(
    counted.asked > 0 and counted.used + counted.asked > counted.limit_value - coalesce(counted.held, 0), false)
$$;
