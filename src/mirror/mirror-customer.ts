import { lockCustomer } from '../customers/find-customer.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import { compareFacts, type Difference, readFacts } from './differences.ts';
import { mirrorInvoice } from './mirror-invoice.ts';
import { mirrorMethod } from './mirror-method.ts';
import { mirrorPayment } from './mirror-payment.ts';
import { mirrorSubscription } from './mirror-subscription.ts';
import { listStripePrices, type PricedPlan } from './prices.ts';
import { type StripeSide, readAtStripe } from './read-stripe.ts';
import { readSubscription } from './read-subscription.ts';

/** Runs work in one transaction under one change, and undoes it when it was only to be looked at. */
export type Writer = <T>(work: (tx: Db, change: Change) => Promise<T>) => Promise<T>;

export interface MirrorRequest {
  customer: string;
  stripeCustomer: string;
  /** the business's now */
  at: Date;
  /** all there ever was (reconcile), else the newest and what is named */
  all: boolean;
  invoices?: readonly string[] | undefined;
  intents?: readonly string[] | undefined;
  /** written in the same transaction, after the mirror */
  then?: (tx: Db, change: Change) => Promise<void>;
}

/** How often somebody else may have been faster. */
const tries = 8;

/**
 * Reads what Stripe has of a customer, and makes it so here; gives what differed. What was read before somebody else wrote is never
 * written: the customer's count of mirrorings, read before Stripe is asked, must still be the same, else Stripe is asked again (N8).
 * So neither the order in which events come nor the number of programs at work matters.
 * @throws Failure refused for a price that no plan has, and for a second subscription; unavailable
 */
export async function mirrorCustomer(
  db: Db,
  account: StripeAccount,
  write: Writer,
  request: MirrorRequest,
): Promise<Difference[]> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const count = await readCount(db, request.customer);
    const side = await readAtStripe(account, request);
    const done = await write((tx, change) => apply(tx, change, { request, side, count }));
    if (done) return done;
  }
  throw new Failure('unavailable', `The mirror of ${request.customer} is written by others all the time`, {
    hint: 'try again',
  });
}

async function readCount(db: Db, customer: string): Promise<string> {
  const [row] = await db<
    { count: string }[]
  >`select count from subctl.stripe_mirrors where customer_id = ${customer}`;
  return row?.count ?? '0';
}

interface Apply {
  request: MirrorRequest;
  side: StripeSide;
  count: string;
}

async function apply(
  tx: Db,
  change: Change,
  { request, side, count }: Apply,
): Promise<Difference[] | undefined> {
  const { customer, at } = request;
  await lockCustomer(tx, customer);
  if ((await readCount(tx, customer)) !== count) return undefined;
  const before = await readFacts(tx, customer);
  await applySide(tx, change, { customer, at, side, prices: await listStripePrices(tx) });
  await tx`
    insert into subctl.stripe_mirrors as m (customer_id, count, at, compared_at) values (${customer}, 1, ${at}, ${request.all ? at : null})
    on conflict (customer_id) do update
      set count = m.count + 1, at = greatest(m.at, excluded.at), compared_at = coalesce(greatest(m.compared_at, excluded.compared_at), excluded.compared_at)`;
  await mirrorMethod(tx, change, { customer, method: side.method, at });
  await askAgain(tx, request);
  await request.then?.(tx, change);
  return compareFacts(customer, before, await readFacts(tx, customer));
}

/** Charges of our own, which Stripe says something about, are asked about by the next run of their task. */
async function askAgain(tx: Db, { customer, intents = [], at }: MirrorRequest): Promise<void> {
  await tx`
    update subctl.payments set ask_at = least(ask_at, ${at})
     where customer_id = ${customer} and provider_id = any (${[...intents]}::text[]) and reference <> provider_id and status in ('processing', 'requires_action')`;
}

interface ApplySide {
  customer: string;
  at: Date;
  side: StripeSide;
  prices: ReadonlyMap<string, PricedPlan>;
}

async function applySide(tx: Db, change: Change, { customer, at, side, prices }: ApplySide): Promise<void> {
  for (const one of side.subscriptions) {
    const found = readSubscription(one, prices);
    if (found) await mirrorSubscription(tx, change, { customer, found, at });
  }
  for (const invoice of side.invoices) {
    const mirrored = await mirrorInvoice(tx, change, { customer, invoice });
    if (!mirrored) continue;
    for (const { payment } of invoice.payments?.data ?? []) {
      const intent = side.intents.get(idOf(payment.payment_intent) ?? '');
      if (!intent) continue;
      const refunds = side.refunds.get(intent.id) ?? [];
      const attempt = Math.max(1, invoice.attempt_count);
      await mirrorPayment(tx, change, { customer, invoice: mirrored.id, intent, attempt, refunds });
    }
  }
}
