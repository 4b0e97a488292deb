-- Returns whether a call's status is a failure: anything but null, ok, success, succeeded, completed or a number from
-- 200 to 399. A failed call is counted; its cost is only the cost that is given.
create or replace function subctl_internal.usage_failed(status text) returns boolean
language sql immutable parallel safe as $$
  select coalesce(lower($1) !~ '^(ok|success|succeeded|completed|[23][0-9][0-9])$', false)
$$;
