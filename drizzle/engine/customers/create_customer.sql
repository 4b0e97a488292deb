-- Creates a customer with its usage rows, in a change of its own. Used by applications and by `auto_create`. Returns
-- whether the customer is new; a second call does nothing.
create or replace function subctl_internal.create_customer(
  customer text, as_of timestamptz, reason text default null, actor text default session_user, kind text default 'user',
  timezone text default null, email text default null) returns boolean
language plpgsql volatile set search_path = pg_catalog, subctl, pg_temp as $$
declare
  v_change text := subctl_internal.uuid7(as_of)::text;
begin
  insert into subctl.customers (id, kind, timezone, email, created_at, change_id)
  values (customer, kind, timezone, email, as_of, v_change) on conflict do nothing;
  if not found then return false; end if;
  insert into subctl.usage_totals (customer_id) values (customer) on conflict do nothing;
  insert into subctl.customer_windows (customer_id) values (customer) on conflict do nothing;
  insert into subctl.changes (id, at, actor, action, reason, asked, host, program)
  values (v_change, as_of, actor, 'customers add', reason, jsonb_build_object('customer', customer), null, 'sql');
  insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
  values (customer, v_change, 1, 'customer', customer, null,
          jsonb_build_object('id', customer, 'kind', kind, 'timezone', timezone));
  return true;
end $$;
