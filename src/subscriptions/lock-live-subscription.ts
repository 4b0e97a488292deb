import { lockCustomer, needCustomer } from '../customers/find-customer.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type LiveSubscription, findLiveSubscription } from './live-subscription.ts';
import { settleSubscriptions } from './settle.ts';

/** Finds the live subscription of a customer as it is stored. @throws Failure not_found without one */
export async function getLiveSubscription(db: Db, customer: string): Promise<LiveSubscription> {
  const head = await findLiveSubscription(db, customer);
  if (head) return head;
  await needCustomer(db, customer);
  throw new Failure('not_found', `Customer ${customer} has no live subscription`, {
    hint: `subctl subscriptions history ${customer}`,
  });
}

/**
 * Locks a customer's live subscription and writes everything that the tasks have not yet written until the change's instant.
 * @throws Failure not_found without one, refused for one that Stripe owns and for one that changed after that instant
 */
export async function lockLiveSubscription(
  tx: Db,
  change: Change,
  customer: string,
): Promise<LiveSubscription> {
  await lockCustomer(tx, customer);
  await settleSubscriptions(tx, change, [customer]);
  const head = await getLiveSubscription(tx, customer);
  if (head.collection === 'stripe') {
    throw new Failure('refused', `The subscription of ${customer} to ${head.plan} belongs to Stripe`, {
      hint: `Change it at Stripe, or send the customer to: subctl stripe portal ${customer}`,
    });
  }
  if (head.fromAt > change.at) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} changed at ${head.fromAt.toISOString()}, which is after ${change.at.toISOString()}`,
      { hint: 'Choose a later --as-of' },
    );
  }
  return head;
}
