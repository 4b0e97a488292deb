-- Makes a customer with the row of open windows, as a change of its own: for applications and for `auto_create`. A second call does nothing.
create or replace function subctl.create_customer(
  customer text, as_of timestamptz, reason text default null, actor text default current_user, kind text default 'user', timezone text default null,
  email text default null) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_change text := subctl.uuid7($2)::text;
begin
  insert into subctl.customers (id, kind, timezone, email, created_at, change_id) values ($1, $5, $6, $7, $2, v_change) on conflict do nothing;
  if not found then return false; end if;
  insert into subctl.usage_state (customer_id) values ($1) on conflict do nothing;
  insert into subctl.usage_totals (customer_id) values ($1) on conflict do nothing;
  insert into subctl.changes (id, at, actor, action, reason, asked, host, program)
  values (v_change, $2, $4, 'customers add', $3, jsonb_build_object('customer', $1), null, 'sql');
  insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
  values ($1, v_change, 1, 'customer', $1, null, jsonb_build_object('id', $1, 'kind', $5, 'timezone', $6));
  return true;
end $$;
