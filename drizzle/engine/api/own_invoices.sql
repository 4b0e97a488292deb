-- Lists the invoices of the customer to which the session is bound. No rows for a session that is not bound.
create or replace view subctl.own_invoices with (security_barrier) as
select t.customer_id, t.id, t.number, t.subscription_id, t.plan_id, t.every, t.status, t.currency, t.total,
       t.balance, t.credit_notes, t.period_start, t.period_end, t.issued_at, t.due_at, t.paid_at, t.voided_at
  from subctl.invoices t
 where t.customer_id = (select subctl.bound_customer());
