-- Lists the requests to the payment provider that are due at `due_at`: charge an open invoice, ask about the state of
-- a payment, or refund. A payment that was intended and has no answer is due at once, and so is a refund. `subject` is
-- the invoice, the payment or the refund.
create or replace view subctl.due_charges as
select i.customer_id, i.id as subject, 'charge'::text as action,
       'invoice ' || i.number || ' of ' || subctl_internal.in_currency(i.total, i.currency) || ' ' || i.currency
         || ' is due to be charged' as reason, i.collect_at as due_at
  from subctl.invoices i
  join subctl.subscriptions s on s.customer_id = i.customer_id and s.id = i.subscription_id and s.collection = 'charge'
 where i.collect_at is not null
union all
select p.customer_id, p.id, 'ask',
       'the payment of ' || subctl_internal.in_currency(p.amount, p.currency) || ' ' || p.currency || ' is '
         || p.status,
       p.ask_at
  from subctl.payments p
 where p.ask_at is not null
union all
select r.customer_id, r.id, 'refund',
       subctl_internal.in_currency(r.amount, r.currency) || ' ' || r.currency || ' is due to be refunded', r.at
  from subctl.refunds r
  join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id and p.provider_id is not null
 where r.status in ('intended', 'pending');
