-- Lists the lines of the invoices of the customer to which the session is bound. No rows for a session that is not
-- bound.
create or replace view subctl.own_invoice_lines with (security_barrier) as
select t.customer_id, t.invoice_id, t.position, t.kind, t.description, t.quantity, t.unit_amount, t.amount,
       t.period_start, t.period_end
  from subctl.invoice_lines t
 where t.customer_id = (select subctl.bound_customer());
