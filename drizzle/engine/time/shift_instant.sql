-- Moves an instant by the time between two others. Exact, and independent of the session's zone.
create or replace function subctl_internal.shift_instant(at timestamptz, earlier timestamptz, later timestamptz)
returns timestamptz
language sql immutable parallel safe as $$
  select ((at at time zone 'UTC') + ((later at time zone 'UTC') - (earlier at time zone 'UTC'))) at time zone 'UTC'
$$;
