-- Returns the digest of the arguments of a use that has only a kind, a quantity and perhaps an instant.
create or replace function subctl_internal.plain_usage_content(kind text, at timestamptz, quantity numeric) returns uuid
language sql stable parallel safe as $$
  select md5(concat(trim_scale($3), '|', extract(epoch from $2), '|', $1))::uuid
$$;
