-- Lists each received payment and how much of it was kept: completed refunds and lost disputes are subtracted, never
-- below 0 (R30). A payment that was not received has no row. A dispute names the payment by the provider's id, in the
-- payment's currency.
create or replace view subctl.net_payments as
select p.customer_id, p.id as payment_id, p.invoice_id, p.currency, p.at, p.amount as paid, b.refunded, b.disputed,
       greatest(0, p.amount - b.refunded - b.disputed) as kept
  from subctl.payments p
 cross join lateral (
   select (select coalesce(sum(r.amount), 0) from subctl.refunds r
            where r.customer_id = p.customer_id and r.payment_id = p.id and r.status = 'refunded') as refunded,
          (select coalesce(sum(d.amount), 0) from subctl.disputes d
            where d.customer_id = p.customer_id and d.provider_id = p.provider_id and d.kind = 'dispute'
              and d.status = 'lost' and d.currency = p.currency) as disputed) b
 where p.status in ('paid', 'refunded', 'partially_refunded');
