-- Lists the credits given to the customer to which the session is bound, and what is left of each. No rows for a
-- session that is not bound.
create or replace view subctl.own_credits with (security_barrier) as
select t.customer_id, t.id, t.source, t.amount, t.remaining, t.priority, t.granted_at, t.expires_at, t.expired_at
  from subctl.credit_grants t
 where t.customer_id = (select subctl.bound_customer());
