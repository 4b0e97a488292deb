-- Returns the milliseconds since 1970 of a UUIDv7: the inverse of uuid7.
create or replace function subctl_internal.uuid7_ms(id uuid) returns bigint
language sql immutable strict parallel safe as $$
  select ('x' || lpad(left(replace($1::text, '-', ''), 12), 16, '0'))::bit(64)::bigint
$$;
