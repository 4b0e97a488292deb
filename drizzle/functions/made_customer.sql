-- What the audit says of a customer that was made: fields of a person are only named.
create or replace function subctl.made_customer(
  id text, kind text, timezone text, currency text, name text, email text, metadata jsonb) returns jsonb
language sql stable parallel safe as $$
  select jsonb_strip_nulls(jsonb_build_object('id', $1, 'kind', $2, 'timezone', $3, 'currency', $4,
           'name', case when $5 is not null then 'changed' end, 'email', case when $6 is not null then 'changed' end,
           'metadata', case when $7 <> '{}' then 'changed' end))
$$;
