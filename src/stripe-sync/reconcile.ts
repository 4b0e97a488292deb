import { compareText } from '../domain/compare.ts';
import type { Connection, Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { Failure } from '../domain/failure.ts';
import type { Difference } from './differences.ts';
import { isGeneralFailure } from './isolated-writer.ts';
import { mirrorCustomer, type Writer } from './mirror-customer.ts';

/** A customer of ours who is one of Stripe's. */
export interface Linked {
  customer: string;
  stripeCustomer: string;
}

/** The customers that are Stripe's too, by id after `after`, at most `limit`. */
async function listLinked(
  db: Db,
  { after = '', limit }: { after?: string | undefined; limit: number },
): Promise<Linked[]> {
  return db<Linked[]>`
    select id as customer, stripe_customer_id as "stripeCustomer" from subctl.customers
     where stripe_customer_id is not null and id > ${after} order by id limit ${limit}`;
}

/** Those of them that were not compared since half a day before `at`. */
export async function listOverdue(
  db: Db,
  { at, after = '', limit }: { at: Date; after?: string | undefined; limit: number },
): Promise<Linked[]> {
  return db<Linked[]>`
    select c.id as customer, c.stripe_customer_id as "stripeCustomer"
      from subctl.customers c left join subctl.stripe_mirrors m on m.customer_id = c.id
     where c.stripe_customer_id is not null and c.id > ${after} and (m.compared_at is null or m.compared_at < ${at}::timestamptz - interval '12 hours')
     order by c.id limit ${limit}`;
}

/** A customer who could not be compared, or one object of a customer. */
export interface Unread {
  customer: string;
  /** Stripe's id of what is parked; undefined for the whole customer */
  object?: string | undefined;
  error: unknown;
}

export interface Reconciled {
  compared: number;
  differences: Difference[];
  unread: Unread[];
  /** who was compared */
  read: string[];
  /** the last customer that is done: a run that stops goes on after it */
  last: string | undefined;
  stopped: boolean;
}

export interface ReconcileRequest {
  at: Date;
  /** only this one */
  customer?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
  /** only those who were not compared for half a day */
  overdue?: boolean | undefined;
  shouldStop?: (() => boolean) | undefined;
  /** told after each page, with the last customer that is done */
  page?: ((done: number, last: string) => Promise<void>) | undefined;
}

const pageSize = 50;
/** Customers who are read at once; the account's own limits hold on top. */
const concurrency = 6;

/**
 * Compares every customer who is one of Stripe's, page by page: subscriptions, invoices, payments, refunds; what differs is given, and
 * written when `write` keeps it (N13). What cannot be compared does not stop the rest: neither a customer the others, nor an object the customer.
 */
export async function reconcile(
  db: Connection,
  account: StripeAccount,
  write: Writer,
  request: ReconcileRequest,
): Promise<Reconciled> {
  const done: Reconciled = {
    compared: 0,
    differences: [],
    unread: [],
    read: [],
    last: request.after,
    stopped: false,
  };
  for (;;) {
    const room = Math.min(pageSize, (request.limit ?? Infinity) - done.compared);
    if (room <= 0) return done;
    if (request.shouldStop?.()) return { ...done, stopped: true };
    const page =
      request.customer === undefined
        ? await (request.overdue
            ? listOverdue(db, { at: request.at, after: done.last, limit: room })
            : listLinked(db, { after: done.last, limit: room }))
        : await findLinked(db, request.customer);
    await readPage(db, account, write, { page, request, done });
    done.compared += page.length;
    done.last = page.at(-1)?.customer ?? done.last;
    if (page.length > 0) await request.page?.(done.compared, done.last!);
    if (page.length < room || request.customer !== undefined) return done;
  }
}

async function findLinked(db: Db, customer: string): Promise<Linked[]> {
  const rows = await db<Linked[]>`
    select id as customer, stripe_customer_id as "stripeCustomer" from subctl.customers where id = ${customer}`;
  if (rows.length === 0)
    throw new Failure('not_found', `There is no customer '${customer}'`, { hint: 'subctl customers list' });
  if (rows[0]!.stripeCustomer !== null) return rows;
  throw new Failure('refused', `${customer} is no customer of Stripe`, {
    hint: `subctl stripe adopt ${customer} cus_…`,
  });
}

interface PageWork {
  page: readonly Linked[];
  request: ReconcileRequest;
  done: Reconciled;
}

async function readPage(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { page, request, done }: PageWork,
): Promise<void> {
  const waiting = [...page];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { customer, stripeCustomer } = next;
      try {
        const { differences, failed } = await mirrorCustomer(db, account, write, {
          customer,
          stripeCustomer,
          at: request.at,
          all: true,
        });
        done.differences.push(...differences);
        done.unread.push(...failed.map(({ id, error }) => ({ customer, object: id, error })));
        done.read.push(customer);
      } catch (error) {
        if (isGeneralFailure(error)) throw error;
        done.unread.push({ customer, error });
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  done.differences.sort((a, b) => compareText(a.customer, b.customer) || compareText(a.object, b.object));
}
