import type { Db } from '../database/connect.ts';
import { type LiveSubscription, findLiveSubscription } from '../subscriptions/live-subscription.ts';

/** The subscription of a customer that Stripe owns; undefined when it has none, or one of our own. */
export async function findOwned(db: Db, customer: string): Promise<LiveSubscription | undefined> {
  const head = await findLiveSubscription(db, customer);
  return head?.collection === 'stripe' ? head : undefined;
}
