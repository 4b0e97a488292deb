import type Stripe from 'stripe';
import { refuseOthersPayer } from '../customers/claim-payer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { findHead } from '../subscriptions/head.ts';
import { findStripeCustomer } from './find-owner.ts';
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

/** What a command has at hand. */
interface Services {
  database(): Promise<Db>;
  stripe(): Promise<StripeAccount>;
  settings(): Promise<{ stripe: { secretKey?: string | undefined } }>;
}

/** The same before a plan is charged here: a customer of Stripe's must not buy there as well. @throws Failure refused, conflict */
export async function closeBeforeCharge(
  services: Services,
  { customer, collection }: { customer: string; collection?: string | undefined },
): Promise<void> {
  const db = await services.database();
  const providerId = await findStripeCustomer(db, customer);
  if (providerId === undefined || (await services.settings()).stripe.secretKey === undefined) return;
  if ((collection ?? (await findHead(db, customer))?.collection) !== 'charge') return;
  await refuseOthersPayer(db, { customer, providerId });
  await closeOtherPurchases(db, await services.stripe(), { customer, stripeCustomer: providerId });
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
