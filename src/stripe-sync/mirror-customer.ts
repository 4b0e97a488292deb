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

/** Runs work in one transaction under one change, and rolls it back in a dry run. */
export type Writer = <T>(work: (tx: Db, change: Change) => Promise<T>) => Promise<T>;

export interface MirrorRequest {
  customer: string;
  stripeCustomer: string;
  /** the business's current time */
  at: Date;
  /** all objects there ever were (reconcile), else the newest and the named ones */
  all: boolean;
  invoices?: readonly string[] | undefined;
  intents?: readonly string[] | undefined;
  /** already read */
  disputes?: readonly FoundDispute[] | undefined;
  /** written in the same transaction, after the sync, with the objects that could not be written */
  afterwards?: (tx: Db, failed: readonly FailedObject[]) => Promise<void>;
}

/** The result of the sync of a customer. */
export interface Mirrored {
  differences: Difference[];
  failed: readonly FailedObject[];
}

/** How often a concurrent writer may win. */
const tries = 8;

/**
 * Syncs a customer: reads what Stripe has, stores it, and returns the differences. Each object is written by itself: one that cannot be
 * read is parked under its id, and the others continue (R41). A result that was read before a concurrent write is discarded: the
 * customer's sync count, read before Stripe is asked, must be unchanged, else Stripe is read again. So neither the order of events nor the
 * number of processes matters.
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
  throw new Failure(
    'unavailable',
    `The Stripe copy of ${request.customer} is constantly written by other processes`,
    {
      hint: 'try again',
    },
  );
}

/** Whether a sync changed nothing: no difference, and nothing parked. */
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

/** Makes the next run of their task look up our own charges that Stripe returned. */
async function askAgain(tx: Db, { customer, intents = [], at }: MirrorRequest): Promise<void> {
  await tx`
    update subctl.payments set ask_at = least(ask_at, ${at})
     where customer_id = ${customer} and provider_id = any (${[...intents]}::text[]) and reference <> provider_id and status in ('processing', 'requires_action')`;
}
