import type { Db } from '../database/connect.ts';
import { type LiveSubscription, findLiveSubscription } from '../subscriptions/live-subscription.ts';

/** Finds the subscription of a customer that Stripe owns; undefined when there is none, or a local one. */
export async function findOwned(db: Db, customer: string): Promise<LiveSubscription | undefined> {
  const head = await findLiveSubscription(db, customer);
  return head?.collection === 'stripe' ? head : undefined;
}
