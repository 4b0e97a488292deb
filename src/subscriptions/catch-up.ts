import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type LiveSubscription, findLiveSubscription } from './live-subscription.ts';

/**
 * Returns the subscription with its current period, and the plan that was pending. A past-due subscription is not renewed, but its periods
 * continue by the dates (R16, R31, R35). Changes and cancellations build on that. The caller has locked and settled the customer.
 */
export async function catchUp(tx: Db, change: Change, head: LiveSubscription): Promise<LiveSubscription> {
  if (head.status !== 'past_due' || head.periodEnd > change.at) return head;
  await call(tx, 'subctl_internal.renew_unpaid', {
    p_customer: head.customer,
    p_until: change.at,
    p_as_of: change.at,
    p_change: change.id,
  });
  return (await findLiveSubscription(tx, head.customer))!;
}
