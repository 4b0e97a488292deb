-- Compares the newest state of each payment, charge, refund and dispute in the processed events of Stripe with
-- payments, refunds and disputes.
create or replace view subctl.integrity_webhooks as
with said as (
  select distinct on (e.customer_id, o.object->>'id') e.customer_id, o.object->>'object' as kind,
         o.object->>'id' as id,
         coalesce(o.object->>'payment_intent', o.object->>'charge') as payment, o.object as object
    from subctl.stripe_events e
   cross join lateral (select e.payload->'data'->'object' as object) o
   where e.status = 'processed' and o.object->>'object' in ('payment_intent', 'charge', 'refund', 'dispute')
   order by e.customer_id, o.object->>'id', e.created_at desc, e.id desc
), paid as (
  select p.customer_id, p.provider_id, p.amount_minor, p.id from subctl.payments p
   where p.provider = 'stripe' and p.provider_id is not null
     and p.status in ('paid', 'refunded', 'partially_refunded')
)
select s.customer_id, 'payment ' || s.id as subject,
       'paid: ' || (s.object->>'amount_received') || ' came in' as expected,
       coalesce((select string_agg(p.amount_minor::text, ', ') from paid p
                  where p.customer_id = s.customer_id and p.provider_id = s.id), 'not paid') as found
  from said s
 where s.kind = 'payment_intent' and s.object->>'status' = 'succeeded'
   and exists (select 1 from subctl.payments p where p.customer_id = s.customer_id and p.provider_id = s.id)
   and not exists (select 1 from subctl.payments p
                    where p.customer_id = s.customer_id and p.provider_id = s.id and p.ask_at is not null)
   and not exists (select 1 from paid p where p.customer_id = s.customer_id and p.provider_id = s.id
                      and p.amount_minor::text = s.object->>'amount_received')
union all
select s.customer_id, 'refund ' || s.id, s.object->>'amount',
       coalesce((select r.amount_minor::text from subctl.refunds r
                  where r.customer_id = s.customer_id and r.provider_id = s.id limit 1), 'none')
  from said s join paid p on p.customer_id = s.customer_id and p.provider_id = s.payment
 where s.kind = 'refund'
   and not exists (select 1 from subctl.refunds r
                    where r.customer_id = s.customer_id and r.provider_id = s.id
                      and r.amount_minor::text = s.object->>'amount')
union all
select s.customer_id, 'refunds of payment ' || p.provider_id, s.object->>'amount_refunded' || ' or less', 'none'
  from said s join paid p on p.customer_id = s.customer_id and p.provider_id = s.payment
 where s.kind = 'charge' and (s.object->>'amount_refunded')::bigint > 0
   and not exists (select 1 from subctl.refunds r where r.customer_id = p.customer_id and r.payment_id = p.id)
union all
select s.customer_id, 'dispute ' || s.id, s.object->>'status', coalesce(d.status, 'none')
  from said s
  join paid p on p.customer_id = s.customer_id and p.provider_id = s.payment
  left join subctl.disputes d on d.customer_id = s.customer_id and d.id = s.id
 where s.kind = 'dispute' and (d.id is null or s.object->>'status' in ('lost', 'won')
                               and d.status <> s.object->>'status');
comment on view subctl.integrity_webhooks is
  'R45: What processed webhooks say of payments is recorded: money received, refunds and disputes';
