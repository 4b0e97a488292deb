-- Returns the audit entry of a created customer: personal fields are named without their values.
create or replace function subctl_internal.customer_audit_entry(
  p_id text, p_kind text, p_timezone text, p_currency text, p_name text, p_email text, p_metadata jsonb) returns jsonb
language sql stable parallel safe as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'id', p_id, 'kind', p_kind, 'timezone', p_timezone, 'currency', p_currency,
    'name', case when p_name is not null then 'changed' end, 'email', case when p_email is not null then 'changed' end,
    'metadata', case when p_metadata <> '{}' then 'changed' end))
$$;
