import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';

/**
 * Writes what the tasks have not written yet about some customers: ends that have come, renewals, trials that are over, changes that
 * were waiting, and the credits of the periods until now; each at its true instant. Whoever changes a subscription builds on that.
 * Locks the customers.
 */
export async function settleSubscriptions(
  tx: Db,
  change: Change,
  customers: readonly string[],
): Promise<void> {
  const ids = [...customers];
  await tx`select subctl.settle_subscriptions(${change.at}, ${ids}::text[], ${change.id})`;
  // those without a subscription have the default plan's credits by use alone: nothing of theirs is due for being looked at
  await tx`
    select subctl.post_due_credits(array_agg(s.customer_id), ${change.at}, ${change.id})
      from subctl.subscriptions s
     where s.customer_id = any (${ids}::text[]) and s.status in ('trialing', 'active', 'past_due', 'paused')
    having count(*) > 0`;
}
