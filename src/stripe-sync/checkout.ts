import { refuseWhilePaying } from '../billing/order.ts';
import { refuseOthersPayer } from '../customers/claim-payer.ts';
import { getCustomer, lockCustomer } from '../customers/find-customer.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Gateway } from '../payments/gateway.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { longestName } from '../payments/stripe-customers.ts';
import { findLiveSubscription } from '../subscriptions/live-subscription.ts';
import { chooseSeats } from '../subscriptions/seats.ts';
import { getTerms } from '../subscriptions/terms.ts';
import { findLink, linkCustomer } from './find-owner.ts';
import type { Writer } from './mirror-customer.ts';
import { closeOtherPurchases } from './one-purchase.ts';

export interface CheckoutRequest {
  customer: string;
  plan: string;
  every?: string | undefined;
  currency?: string | undefined;
  seats?: number | undefined;
  returnUrl: string;
  /** customers may enter a Stripe promotion code */
  promotions: boolean;
}

/** A checked purchase, ready to be sent to Stripe. */
export interface Offer {
  customer: string;
  plan: string;
  every: string;
  price: string;
  amount: string;
  currency: string;
  seats: number;
  trialDays: number;
}

/**
 * Checks what a customer would buy. A customer, also a group, has one subscription: a second purchase is refused while somebody pays for
 * the first, or while a payment for a plan is under way. A trial is once per customer.
 * @throws Failure not_found, refused for a closed plan, one without a price at Stripe, and a customer who already pays
 */
export async function makeOffer(db: Db, asked: CheckoutRequest): Promise<Offer> {
  const customer = await getCustomer(db, asked.customer);
  await refuseWhilePaying(db, customer.id);
  const head = await findLiveSubscription(db, customer.id);
  if (head && head.collection !== 'free' && head.collection !== 'complimentary') {
    throw new Failure(
      'refused',
      `${customer.id} has ${head.plan} by ${head.collection}: a customer can have only one subscription`,
      {
        hint:
          head.collection === 'stripe'
            ? `send the customer to: subctl stripe portal ${customer.id}`
            : `subctl subscriptions show ${customer.id}`,
      },
    );
  }
  const terms = await getTerms(db, { ...asked, currency: asked.currency ?? customer.currency });
  if (!terms.active)
    throw new Failure('refused', `Plan ${terms.plan} is closed to new subscribers`, {
      hint: 'subctl plans list',
    });
  const [row] = await db<{ price: string | null; trialed: boolean }[]>`
    select r.stripe_price_id as price, exists (select from subctl.subscriptions s where s.customer_id = ${customer.id} and s.trial_end is not null) as trialed
      from subctl.plan_prices r
     where r.plan_id = ${terms.plan} and r.version = ${terms.version} and r."interval" = ${terms.every} and r.currency = ${terms.currency ?? ''}`;
  if (!row?.price || terms.price === null || terms.currency === null) {
    throw new Failure('refused', `Plan ${terms.plan} has no price per ${terms.every} at Stripe`, {
      hint:
        terms.price === null || terms.price === '0'
          ? 'the plan is free, so assign it: subctl assign'
          : 'sync the plans first: subctl stripe sync plans',
    });
  }
  return {
    customer: customer.id,
    ...{
      plan: terms.plan,
      every: terms.every,
      price: row.price,
      amount: terms.price,
      currency: terms.currency,
    },
    seats: await chooseSeats(db, { customer: customer.id, terms, asked: asked.seats }),
    trialDays: row.trialed ? 0 : terms.trialDays,
  };
}

/** Returns the customer's customer at Stripe, and creates it when there is none. */
export async function ensureStripeCustomer(
  db: Db,
  gateway: Gateway,
  write: Writer,
  customer: string,
): Promise<string> {
  const { email, name, createdAt } = await getCustomer(db, customer);
  const known = await findLink(db, customer);
  const stripeCustomer = await gateway.ensureCustomer(
    {
      ...{ id: customer, providerId: known, since: createdAt },
      ...{ email: email ?? undefined, name: name ?? undefined },
    },
    (providerId) => refuseOthersPayer(db, { customer, providerId }),
  );
  if (stripeCustomer !== known)
    await write(async (tx: Db, change: Change) => {
      await lockCustomer(tx, customer);
      await linkCustomer(tx, change, { customer, stripeCustomer, replace: true });
    });
  return stripeCustomer;
}

/** The warning about a name that is too long for Stripe. */
export async function noteCutName(db: Db, customer: string): Promise<string[]> {
  const { name } = await getCustomer(db, customer);
  if ([...(name ?? '')].length <= longestName) return [];
  return [`Stripe accepts names of at most ${longestName} characters: the name of ${customer} is cut there`];
}

/**
 * Opens a page at Stripe on which the customer subscribes; returns its address and its expiry. It is the only one: pages that are still
 * open are closed first.
 * @throws Failure refused when a plan was already bought at Stripe
 */
export async function openCheckout(
  db: Db,
  account: StripeAccount,
  {
    offer,
    stripeCustomer,
    returnUrl,
    promotions,
    promotionCode,
  }: {
    offer: Offer;
    stripeCustomer: string;
    returnUrl: string;
    promotions: boolean;
    promotionCode?: string | undefined;
  },
): Promise<{ url: string; session: string; expires_at: Date }> {
  const { customer, price, seats, trialDays, plan } = offer;
  await closeOtherPurchases(db, account, { customer, stripeCustomer });
  const metadata = { subctl_customer: customer, subctl_plan: plan };
  const session = await account.ask((client) =>
    client.checkout.sessions.create({
      mode: 'subscription',
      customer: stripeCustomer,
      client_reference_id: customer,
      line_items: [{ price, quantity: seats }],
      success_url: returnUrl,
      cancel_url: returnUrl,
      metadata,
      subscription_data: { metadata, ...(trialDays > 0 && { trial_period_days: trialDays }) },
      ...(promotionCode !== undefined
        ? { discounts: [{ promotion_code: promotionCode }] }
        : promotions && { allow_promotion_codes: true }),
    }),
  );
  if (!session.url)
    throw new Failure('unavailable', `Stripe opened the page ${session.id} without an address`);
  return { url: session.url, session: session.id, expires_at: new Date(session.expires_at * 1000) };
}
