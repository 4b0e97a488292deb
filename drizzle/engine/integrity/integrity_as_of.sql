-- Returns the instant of integrity checks: the one that the session has set (subctl.as_of, which the program sets for
-- --as-of), else the present (R9).
create or replace function subctl_internal.integrity_as_of() returns timestamptz
  language sql stable as $$
  select coalesce(nullif(current_setting('subctl.as_of', true), '')::timestamptz, clock_timestamp())
$$;
