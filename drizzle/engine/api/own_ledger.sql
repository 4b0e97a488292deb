-- Lists the credit entries of the customer to which the session is bound. No rows for a session that is not bound.
create or replace view subctl.own_ledger with (security_barrier) as
select t.customer_id, t.id, t.grant_id, t.at, t.kind, t.amount, t.balance_after, t.event_id
  from subctl.credit_entries t
 where t.customer_id = (select subctl.bound_customer());
