import { lockCustomer } from '../customers/find-customer.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { applySide } from './apply-side.ts';
import { compareFacts, type Difference, readFacts } from './differences.ts';
import { type FailedObject, IsolatedWriter } from './isolated-writer.ts';
import { readKnown } from './known-here.ts';
import type { FoundDispute } from './mirror-dispute.ts';
import { type StripeSide, readAtStripe } from './read-stripe.ts';

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
  /** read already */
  disputes?: readonly FoundDispute[] | undefined;
  /** written in the same transaction, after the mirror, with what could not be written */
  afterwards?: (tx: Db, failed: readonly FailedObject[]) => Promise<void>;
}

/** What a look at a customer came to. */
export interface Mirrored {
  differences: Difference[];
  failed: readonly FailedObject[];
}

/** How often somebody else may have been faster. */
const tries = 8;

/**
 * Reads what Stripe has of a customer, and makes it so here; gives what differed. Each object is written by itself: what cannot be understood
 * is parked under its id, and the rest goes on (R41). What was read before somebody else wrote is never written: the customer's count of
 * mirrorings, read before Stripe is asked, must still be the same, else Stripe is asked again (N8). So neither the order in which events come
 * nor the number of programs at work matters.
 * @throws Failure unavailable, config
 */
export async function mirrorCustomer(
  db: Db,
  account: StripeAccount,
  write: Writer,
  request: MirrorRequest,
): Promise<Mirrored> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const count = await readCount(db, request.customer);
    const known = await readKnown(db, request.customer);
    const side = await readAtStripe(account, { ...request, known });
    const done = await write((tx, change) => apply(tx, change, { request, side, count }));
    if (done) return done;
  }
  throw new Failure('unavailable', `The mirror of ${request.customer} is written by others all the time`, {
    hint: 'try again',
  });
}

/** Whether a look changed nothing: no difference, and nothing that is parked. */
export const isUnchanged = (found: unknown): boolean => {
  const { differences, failed } = (found ?? {}) as Partial<Mirrored>;
  return differences?.length === 0 && failed?.length === 0;
};

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

async function apply(tx: Db, change: Change, { request, side, count }: Apply): Promise<Mirrored | undefined> {
  const { customer, stripeCustomer, at, disputes = [] } = request;
  await lockCustomer(tx, customer);
  if ((await readCount(tx, customer)) !== count) return undefined;
  const before = await readFacts(tx, customer);
  await tx`
    insert into subctl.stripe_mirrors as m (customer_id, count, at, compared_at) values (${customer}, 1, ${at}, ${request.all ? at : null})
    on conflict (customer_id) do update
      set count = m.count + 1, at = greatest(m.at, excluded.at), compared_at = coalesce(greatest(m.compared_at, excluded.compared_at), excluded.compared_at)`;
  const separately = new IsolatedWriter(tx);
  const there = await applySide(separately, change, { customer, stripeCustomer, at, side, disputes });
  await separately.addDeadLetters(customer, { ...change, at });
  await askAgain(tx, request);
  const { failed } = separately;
  await request.afterwards?.(tx, failed);
  return { differences: compareFacts(customer, before, await readFacts(tx, customer), there), failed };
}

/** Charges of our own, which Stripe says something about, are asked about by the next run of their task. */
async function askAgain(tx: Db, { customer, intents = [], at }: MirrorRequest): Promise<void> {
  await tx`
    update subctl.payments set ask_at = least(ask_at, ${at})
     where customer_id = ${customer} and provider_id = any (${[...intents]}::text[]) and reference <> provider_id and status in ('processing', 'requires_action')`;
}
