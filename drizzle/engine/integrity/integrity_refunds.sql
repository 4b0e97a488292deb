-- Sums the refunds of each payment and compares amounts, currency, provider and minor units.
create or replace view subctl.integrity_refunds as
with sums as (
  select p.customer_id, p.id, p.reference, p.amount, p.amount_minor, p.refunded_minor, p.currency, p.status,
         coalesce(sum(r.amount_minor) filter (where r.status = 'refunded'), 0) as done,
         coalesce(sum(r.amount) filter (where r.status <> 'failed'), 0) as held,
         count(*) filter (where r.currency <> p.currency or r.provider <> p.provider) as other
    from subctl.payments p left join subctl.refunds r on r.customer_id = p.customer_id and r.payment_id = p.id
   group by p.customer_id, p.id, p.reference, p.amount, p.amount_minor, p.refunded_minor, p.currency, p.status
)
select customer_id, 'refunds of payment ' || reference as subject, done::text as expected,
       refunded_minor::text as found
  from sums where refunded_minor <> done
union all
select customer_id, 'refunds of payment ' || reference, 'at most ' || trim_scale(amount) || ' ' || currency,
       trim_scale(held)::text from sums where held > amount
union all
select customer_id, 'refunds of payment ' || reference, 'none while it is ' || status, trim_scale(held)::text
  from sums where held > 0 and status not in ('paid', 'refunded', 'partially_refunded')
union all
select customer_id, 'refunds of payment ' || reference, 'its currency and provider', other || ' of others'
  from sums where other > 0
union all
select r.customer_id, 'refund ' || r.reference, 'a payment ' || r.payment_id, 'none'
  from subctl.refunds r where not exists (select 1 from subctl.payments p
                                           where p.customer_id = r.customer_id and p.id = r.payment_id)
union all
select r.customer_id, 'amount of refund ' || r.reference, r.amount_minor::text,
       (r.amount * p.amount_minor / p.amount)::bigint::text
  from subctl.refunds r join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
 where p.amount > 0 and r.amount * p.amount_minor <> r.amount_minor * p.amount;
comment on view subctl.integrity_refunds is
  'R30: What was refunded of a payment is the sum of its refunds, and never more than was received';
