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
  for (;;) {
    const [done] = await tx<[{ ended: number; renewed: number }]>`
      select subctl.expire_subscriptions(${change.at}, ${ids}::text[], ${change.id}) as ended,
             subctl.renew_subscriptions(${change.at}, ${ids}::text[], ${change.id}) as renewed`;
    if (done.ended + done.renewed === 0) break;
  }
  await tx`select subctl.post_due_credits(${ids}::text[], ${change.at}, ${change.id})`;
}
