import type { Check } from '../check.ts';

/** Paid usage counts from an instant that the history knows. */
export const usageResets: Check = {
  name: 'resets',
  asserts: 'Paid usage counts from an instant that the history knows',
  findings: (db) => db`
    select s.customer_id as customer, 'instant from which usage counts' as what, 'the start, an end, a period or a reset' as expected, subctl.iso(s.usage_reset_at) as found
      from subctl.subscriptions s
     where s.usage_reset_at not in (s.started_at, s.current_period_start, coalesce(s.ended_at, s.started_at))
       and not exists (select from subctl.usage_resets r where r.customer_id = s.customer_id and r.at = s.usage_reset_at)
       and not exists (select from subctl.renewals r where r.customer_id = s.customer_id and r.subscription_id = s.id and r.period_start = s.usage_reset_at)
    union all
    select s.customer_id, 'reset at the end of subscription ' || s.id, subctl.iso(s.ended_at), 'none'
      from subctl.subscriptions s
     where s.ended_at is not null and not exists (select from subctl.usage_resets r where r.customer_id = s.customer_id and r.at = s.ended_at)
    union all
    select r.customer_id, 'reset at ' || subctl.iso(r.at), 'a subscription ' || r.subscription_id, 'none'
      from subctl.usage_resets r
     where r.subscription_id is not null and not exists (select from subctl.subscriptions s where s.customer_id = r.customer_id and s.id = r.subscription_id)`,
};
