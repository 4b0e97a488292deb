import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import { lockCustomer } from '../customers/find-customer.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { findByPayment } from './event-payer.ts';
import type { EventSubject } from './event-subject.ts';
import { findOwner, linkCustomer } from './find-owner.ts';
import type { FailedObject } from './isolated-writer.ts';
import { failEvent, findFailed, listWaiting, settleEvent } from './inbox.ts';
import { mirrorCustomer, type Writer } from './mirror-customer.ts';
import { type Group, type KnownEvent, sortEvents, type Waiting } from './sort-events.ts';

export interface Processed {
  id: string;
  type: string;
  status: 'processed' | 'ignored' | 'failed';
  customer: string | null;
  /** why it was ignored, or failed */
  note: string | null;
}

export interface Processing {
  now: Date;
  /** only these */
  ids?: readonly string[] | undefined;
  limit?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Processes the waiting events. An event only names a customer: the stored state is Stripe's present one, so order, repeats and losses do
 * not matter, and one sync handles all waiting events of a customer. An event fails only for its own subject, and is retried with growing
 * pauses.
 */
export async function processEvents(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { now, ids, limit = 500, signal }: Processing,
): Promise<Processed[]> {
  const waiting = (await listWaiting(db, now, limit)).filter(({ id }) => !ids || ids.includes(id));
  const done: Processed[] = [];
  const { groups, needless, unknown } = await sortEvents(account, waiting);
  if (needless.length > 0)
    done.push(...(await ignore(write, needless, { now, note: 'this event type is not used' })));
  for (const { event, error } of unknown) done.push(...(await fail(write, [event], { error, now })));
  for (const group of groups) {
    if (signal?.aborted) break;
    done.push(...(await processGroup(db, account, write, { group, now })));
  }
  return done;
}

interface Work {
  group: Group;
  now: Date;
}

async function processGroup(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { group, now }: Work,
): Promise<Processed[]> {
  const { events, stripeCustomer } = group;
  const subjects = events.map(({ subject }) => subject);
  try {
    const customer = stripeCustomer && (await findOrLink(db, write, stripeCustomer, subjects));
    if (!stripeCustomer || !customer) {
      const note = `customer ${stripeCustomer ?? '(none)'} is not linked`;
      return await ignore(
        write,
        events.map(({ event }) => event),
        { now, note },
      );
    }
    return await mirrorEvents(db, account, write, { customer, stripeCustomer, events, now });
  } catch (error) {
    return fail(
      write,
      events.map(({ event }) => event),
      { error, now },
    );
  }
}

interface Mirroring {
  customer: string;
  stripeCustomer: string;
  events: readonly KnownEvent[];
  now: Date;
}

/** Syncs the customer once for all of its events; an event fails only when its subject could not be written. */
async function mirrorEvents(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { customer, stripeCustomer, events, now }: Mirroring,
): Promise<Processed[]> {
  const subjects = events.map(({ subject }) => subject);
  let settled: Processed[] = [];
  await mirrorCustomer(db, account, write, {
    customer,
    stripeCustomer,
    at: now,
    all: false,
    invoices: unique(subjects.map(({ invoice }) => invoice)),
    intents: unique(subjects.map(({ intent }) => intent)),
    disputes: events.map(({ dispute }) => dispute).filter((dispute) => dispute !== undefined),
    async afterwards(tx, failed) {
      settled = [];
      for (const known of events) settled.push(await settle(tx, { known, failed, customer, now }));
    },
  });
  return settled;
}

interface Settling {
  known: KnownEvent;
  failed: readonly FailedObject[];
  customer: string;
  now: Date;
}

/** An object that cannot be read is reported once: by the first event about it, which is retried. */
async function settle(tx: Db, { known, failed, customer, now }: Settling): Promise<Processed> {
  const { event, subject } = known;
  const { id, type } = event;
  const own = failed.find((each) => subject.own.includes(each.id));
  if (!own) {
    await settleEvent(tx, id, { status: 'processed', note: null, customer, now });
    return { id, type, status: 'processed', customer, note: null };
  }
  const named = await findFailed(tx, own.id, id);
  if (named !== undefined) {
    const note = `${own.id} is parked; for the reason see ${named}`;
    await settleEvent(tx, id, { status: 'ignored', note, customer, now });
    return { id, type, status: 'ignored', customer, note };
  }
  const note = sentenceOf(own.error);
  await failEvent(tx, id, { error: note, now });
  return { id, type, status: 'failed', customer, note };
}

const unique = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.filter((name): name is string => name !== undefined)),
];

/** Finds our customer; one that Stripe's metadata names and that has no other customer there is linked. */
async function findOrLink(
  db: Db,
  write: Writer,
  stripeCustomer: string,
  subjects: readonly EventSubject[],
): Promise<string | undefined> {
  const known = await findOwner(db, stripeCustomer);
  if (known !== undefined) return known;
  for (const { intent } of subjects) {
    const payer = await findByPayment(db, intent);
    if (payer !== undefined) return payer;
  }
  const named = subjects.find(({ customer }) => customer !== undefined)?.customer;
  if (named === undefined) return undefined;
  const [row] = await db<{ id: string }[]>`select id from subctl.customers where id = ${named}`;
  if (!row) return undefined;
  await write(async (tx, change) => {
    await lockCustomer(tx, named);
    await linkCustomer(tx, change, { customer: named, stripeCustomer });
  });
  return named;
}

async function ignore(
  write: Writer,
  events: readonly Waiting[],
  { now, note }: { now: Date; note: string },
): Promise<Processed[]> {
  await write(async (tx) => {
    for (const { id } of events) await settleEvent(tx, id, { status: 'ignored', note, customer: null, now });
  });
  return events.map(({ id, type }) => ({ id, type, status: 'ignored', customer: null, note }));
}

/** Whether a failure stops all events: a wrong key, which a person must fix, or a shutdown. */
async function fail(
  write: Writer,
  events: readonly Waiting[],
  { error, now }: { error: unknown; now: Date },
): Promise<Processed[]> {
  if (error instanceof Failure && /^(interrupted|terminated|config)$/.test(error.kind)) throw error;
  const sentence = sentenceOf(error);
  await write(async (tx) => {
    for (const { id } of events) await failEvent(tx, id, { error: sentence, now });
  });
  return events.map(({ id, type }) => ({ id, type, status: 'failed', customer: null, note: sentence }));
}

/** An unexpected error keeps its message, so that it is seen. */
const sentenceOf = (error: unknown): string =>
  refusalOf(error)?.message ?? `unexpected: ${(error as Error).message}`;
