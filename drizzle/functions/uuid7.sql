-- A UUIDv7 (RFC 9562) of the instant: sorts by time, the rest random. PostgreSQL 15 has none of its own. Two bits make a 7 of the 4
-- that a random one has as its version.
create or replace function subctl.uuid7(at timestamptz) returns uuid
language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from $1) * 1000)::int8) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;
