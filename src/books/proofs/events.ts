import type { Proof } from '../proof.ts';

/** Every event is there once, at the instant in its id, with a plan and a subscription that exist and an answer that is whole. */
export const events: Proof = {
  name: 'events',
  proves:
    'Every event is there once, at the instant in its id, with a plan and a subscription that exist and an answer that is whole',
  disagreements: (db) => db`
    select e.customer_id as customer, 'instant of event ' || e.id as what,
           subctl.iso(to_timestamp(subctl.uuid7_ms(e.id) / 1000.0)) as expected, subctl.iso(e.at) as found
      from subctl.usage_events e where subctl.uuid7_ms(e.id) <> floor(extract(epoch from e.at) * 1000)
    union all
    select e.customer_id, 'events with id ' || e.id, '1', count(*)::text from subctl.usage_events e group by e.customer_id, e.id having count(*) > 1
    union all
    select e.customer_id, 'plan of event ' || e.id, 'a plan version', concat_ws(' ', e.plan_id, e.version)
      from subctl.usage_events e
     where e.plan_id is not null and not exists (select from subctl.plan_versions v where v.plan_id = e.plan_id and v.version = e.version)
    union all
    select e.customer_id, 'subscription of event ' || e.id, 'one of the customer', e.subscription_id::text
      from subctl.usage_events e
     where e.subscription_id is not null and not exists (select from subctl.subscriptions s where s.customer_id = e.customer_id and s.id = e.subscription_id)
    union all
    select e.customer_id, 'answer of event ' || e.id, '3 numbers and 5 a limit', cardinality(e.result)::text
      from subctl.usage_events e where e.result is not null and (cardinality(e.result) < 3 or (cardinality(e.result) - 3) % 5 <> 0)
    union all
    select e.customer_id, 'quantity of event ' || e.id, '0 or more', e.quantity::text
      from subctl.usage_events e where not (e.quantity >= 0 and coalesce(e.input_tokens, 0) >= 0 and coalesce(e.output_tokens, 0) >= 0 and coalesce(e.cost, 0) >= 0)
    union all
    select e.customer_id, 'instant of event ' || e.id, 'at most 5 minutes after ' || subctl.iso(e.recorded_at), subctl.iso(e.at)
      from subctl.usage_events e where e.at > e.recorded_at + interval '5 minutes'`,
};
