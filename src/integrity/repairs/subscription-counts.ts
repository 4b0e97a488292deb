import type { Repair } from './repair.ts';
import { audited } from './audited.ts';

/** Adds the difference to the counts of live subscriptions: concurrent writers add rows of their own. */
export const subscriptionCounts: Repair = {
  name: 'subscription counts',
  run: (tx, change) =>
    audited(
      tx,
      change,
      tx`
      insert into subctl.subscription_counts (plan_id, subscriptions)
      select m.plan_id, m.live - m.counted from subctl.wrong_subscription_counts m
      returning '' as customer_id, 'subscription count' as entity, plan_id as entity_key, null::jsonb as before,
                jsonb_build_object('subscriptions', subscriptions) as after`,
    ),
};
