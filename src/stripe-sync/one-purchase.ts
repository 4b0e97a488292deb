import { refuseSecondPurchase } from '../billing/one-purchase.ts';
import { refuseOthersPayer } from '../customers/claim-payer.ts';
import type { Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { closePurchases } from '../payments/stripe-purchases.ts';
import { findLiveSubscription } from '../subscriptions/live-subscription.ts';
import { findStripeCustomer } from './find-owner.ts';

export interface Buyer {
  customer: string;
  stripeCustomer: string;
}

/**
 * Checks that a purchase is the only one: pages on which the customer could still subscribe are closed, and Stripe must have no purchase
 * that is unknown here.
 * @throws Failure refused when a plan was already bought at Stripe
 */
export async function closeOtherPurchases(
  db: Db,
  account: StripeAccount,
  { customer, stripeCustomer }: Buyer,
): Promise<void> {
  const bought = await closePurchases(account, stripeCustomer);
  await refuseSecondPurchase(db, { customer, bought });
}

/** What a command provides. */
interface Services {
  database(): Promise<Db>;
  stripe(): Promise<StripeAccount>;
  settings(): Promise<{ stripe: { secretKey?: string | undefined } }>;
}

/** Checks the same before a plan is charged here: a Stripe customer must not buy there as well. @throws Failure refused, conflict */
export async function closeBeforeCharge(
  services: Services,
  { customer, collection }: { customer: string; collection?: string | undefined },
): Promise<void> {
  const db = await services.database();
  const providerId = await findStripeCustomer(db, customer);
  if (providerId === undefined || (await services.settings()).stripe.secretKey === undefined) return;
  if ((collection ?? (await findLiveSubscription(db, customer))?.collection) !== 'charge') return;
  await refuseOthersPayer(db, { customer, providerId });
  await closeOtherPurchases(db, await services.stripe(), { customer, stripeCustomer: providerId });
}
