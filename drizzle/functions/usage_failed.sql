-- Whether a call's status says that it failed: anything but nothing, ok, success, succeeded, completed or a number from 200 to 399.
-- A failed call is counted; it costs only what it is said to cost (U8).
create or replace function subctl.usage_failed(status text) returns boolean
language sql immutable parallel safe as $$
  select coalesce(lower($1) !~ '^(ok|success|succeeded|completed|[23][0-9][0-9])$', false)
$$;
