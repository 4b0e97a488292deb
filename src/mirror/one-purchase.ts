import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { listStripePrices } from './prices.ts';

export interface Buyer {
  customer: string;
  stripeCustomer: string;
}

/**
 * Makes sure that a purchase is the only one: pages on which the customer could still subscribe are closed, and then nothing may have been bought
 * at Stripe that is not known here yet. In this order no page can be paid in between.
 * @throws Failure refused when a plan was bought at Stripe already
 */
export async function closeOtherPurchases(db: Db, account: StripeAccount, buyer: Buyer): Promise<void> {
  await expirePages(account, buyer.stripeCustomer);
  await refuseSecond(db, account, buyer);
}

async function expirePages(account: StripeAccount, customer: string): Promise<void> {
  const list = (client: Stripe) => client.checkout.sessions.list({ customer, status: 'open', limit: 100 });
  for await (const { id, mode } of account.pages(list)) {
    if (mode !== 'subscription') continue;
    try {
      await account.ask((client) => client.checkout.sessions.expire(id));
    } catch (error) {
      // it was paid or has expired meanwhile; what was bought is seen next
      if (!(error instanceof Failure && error.kind === 'refused')) throw error;
    }
  }
}

const live = /^(trialing|active|past_due|unpaid|paused)$/;

/** A subscription to something else of the account's is not ours to count. */
async function refuseSecond(
  db: Db,
  account: StripeAccount,
  { customer, stripeCustomer }: Buyer,
): Promise<void> {
  const prices = await listStripePrices(db);
  const list = (client: Stripe) => client.subscriptions.list({ customer: stripeCustomer, limit: 100 });
  for await (const { id, status, items } of account.pages(list)) {
    const sold = items.data.find(({ price }) => prices.has(price.id));
    if (!sold || !live.test(status)) continue;
    throw new Failure(
      'refused',
      `${customer} has ${prices.get(sold.price.id)!.plan} at Stripe already: ${id} is ${status}`,
      { hint: `subctl stripe reconcile --customer ${customer} --apply` },
    );
  }
}
