-- Formats an instant as ISO 8601 in UTC with milliseconds, as all output of subctl does; infinity is null.
create or replace function subctl_internal.iso(at timestamptz) returns text
language sql stable parallel safe as $$
  select case when isfinite($1) then to_char($1 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end
$$;
