-- Returns a UUIDv7 (RFC 9562) of an instant: sorted by time, the rest random. PostgreSQL 15 has no such function.
-- Setting two bits turns version 4 of a random UUID into 7.
create or replace function subctl_internal.uuid7(at timestamptz) returns uuid
language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from $1) * 1000)::int8)
                                                             from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;
