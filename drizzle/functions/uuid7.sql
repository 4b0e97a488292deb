-- A UUIDv7 (RFC 9562) of the instant: sorts by time, the rest random. PostgreSQL 15 has none of its own.
create or replace function subctl.uuid7(at timestamptz) returns uuid
language sql volatile parallel safe as $$
  select encode(
    set_byte(
      overlay(uuid_send(gen_random_uuid()) placing substring(int8send(floor(extract(epoch from $1) * 1000)::int8) from 3) from 1 for 6),
      6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112),
    'hex')::uuid
$$;
