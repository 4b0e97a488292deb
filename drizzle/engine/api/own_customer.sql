-- Shows the customer to which the session is bound (bound_customer). No row for a session that is not bound.
create or replace view subctl.own_customer with (security_barrier) as
select t.id as customer_id, t.kind, t.timezone, t.currency, t.created_at, t.disabled_at
  from subctl.customers t
 where t.id = (select subctl.bound_customer());
