-- An instant moved by the time that lies between two others, exact and whatever the zone of the session.
create or replace function subctl.shift_instant(at timestamptz, earlier timestamptz, later timestamptz) returns timestamptz
language sql immutable parallel safe as $$
  select ((at at time zone 'UTC') + ((later at time zone 'UTC') - (earlier at time zone 'UTC'))) at time zone 'UTC'
$$;
