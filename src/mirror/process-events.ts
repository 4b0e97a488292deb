import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import { lockCustomer } from '../customers/find-customer.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { type EventSubject, subjectOf } from './event-subject.ts';
import { findOwner, linkCustomer } from './find-owner.ts';
import { failEvent, type InboxEvent, listWaiting, settleEvent } from './inbox.ts';
import { mirrorCustomer, type Writer } from './mirror-customer.ts';
import { type Dispute, readDispute, writeDispute } from './mirror-dispute.ts';

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

type Waiting = InboxEvent & { payload: Stripe.Event };

/**
 * Processes the events that wait. An event only says whom to look at: what is written is what Stripe has now, so order, repeats and losses
 * do not matter, and all that wait for one customer are done by one look. What fails is tried again later, more and more slowly (N7).
 */
export async function processEvents(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { now, ids, limit = 500, signal }: Processing,
): Promise<Processed[]> {
  const waiting = (await listWaiting(db, now, limit)).filter(({ id }) => !ids || ids.includes(id));
  const done: Processed[] = [];
  for (const group of await groupByOwner(db, account, waiting)) {
    if (signal?.aborted) break;
    done.push(...(await processGroup(db, account, write, { group, now })));
  }
  return done;
}

/** Events about one customer of Stripe's, or about nobody here. */
interface Group {
  events: Waiting[];
  stripeCustomer: string | undefined;
  subjects: EventSubject[];
  disputes: Dispute[];
  failure?: unknown;
}

async function groupByOwner(_db: Db, account: StripeAccount, waiting: readonly Waiting[]): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for (const event of waiting) {
    const subject = subjectOf(event.payload);
    let dispute: Dispute | undefined;
    let failure: unknown;
    if (subject?.dispute) {
      try {
        dispute = await readDispute(account, subject.dispute);
      } catch (error) {
        failure = error;
      }
    }
    const stripeCustomer = dispute?.stripeCustomer ?? subject?.stripeCustomer;
    const key = failure || !stripeCustomer ? event.id : stripeCustomer;
    const group = groups.get(key) ?? { events: [], stripeCustomer, subjects: [], disputes: [] };
    group.events.push(event);
    if (subject) group.subjects.push(subject);
    if (dispute) group.disputes.push(dispute);
    groups.set(key, { ...group, ...(failure !== undefined && { failure }) });
  }
  return [...groups.values()];
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
  const { events, stripeCustomer, subjects } = group;
  try {
    if (group.failure) throw group.failure;
    if (subjects.length === 0)
      return await ignore(write, events, { now, note: 'nothing here depends on this type' });
    const customer = stripeCustomer && (await findOrLink(db, write, stripeCustomer, subjects));
    if (!stripeCustomer || !customer)
      return await ignore(write, events, {
        now,
        note: `customer ${stripeCustomer ?? 'of nobody'} is none of ours`,
      });
    await mirrorCustomer(db, account, write, {
      customer,
      stripeCustomer,
      at: now,
      all: false,
      invoices: unique(subjects.map(({ invoice }) => invoice)),
      intents: unique(subjects.map(({ intent }) => intent)),
      async then(tx) {
        for (const dispute of group.disputes) await writeDispute(tx, customer, dispute);
        for (const { id } of events)
          await settleEvent(tx, id, { status: 'processed', note: null, customer, now });
      },
    });
    return events.map(({ id, type }) => ({ id, type, status: 'processed', customer, note: null }));
  } catch (error) {
    return fail(write, events, { error, now });
  }
}

const unique = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.filter((name): name is string => name !== undefined)),
];

/** Our customer; one that Stripe's object names, and that has no other there, is linked. */
async function findOrLink(
  db: Db,
  write: Writer,
  stripeCustomer: string,
  subjects: readonly EventSubject[],
): Promise<string | undefined> {
  const known = await findOwner(db, stripeCustomer);
  const named = subjects.find(({ customer }) => customer !== undefined)?.customer;
  if (known !== undefined || named === undefined) return known;
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

/** A refusal and a lack are the event's; a bug is too, but it keeps its name, so that it is seen. */
async function fail(
  write: Writer,
  events: readonly Waiting[],
  { error, now }: { error: unknown; now: Date },
): Promise<Processed[]> {
  if (error instanceof Failure && /^(interrupted|terminated|config)$/.test(error.kind)) throw error;
  const refusal = refusalOf(error);
  const sentence = refusal?.message ?? `unexpected: ${(error as Error).message}`;
  await write(async (tx: Db, _change: Change) => {
    for (const { id } of events) await failEvent(tx, id, { error: sentence, now });
  });
  return events.map(({ id, type }) => ({ id, type, status: 'failed', customer: null, note: sentence }));
}
