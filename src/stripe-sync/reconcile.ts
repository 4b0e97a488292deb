import { compareText } from '../domain/compare.ts';
import type { Connection, Db } from '../database/connect.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { Failure } from '../domain/failure.ts';
import type { Difference } from './differences.ts';
import { isGeneralFailure } from './isolated-writer.ts';
import { mirrorCustomer, type Writer } from './mirror-customer.ts';

/** A customer that is linked with a Stripe customer. */
export interface Linked {
  customer: string;
  stripeCustomer: string;
}

/** Lists the linked customers, by id after `after`, at most `limit`. */
async function listLinked(
  db: Db,
  { after = '', limit }: { after?: string | undefined; limit: number },
): Promise<Linked[]> {
  return db<Linked[]>`
    select id as customer, stripe_customer_id as "stripeCustomer" from subctl.customers
     where stripe_customer_id is not null and id > ${after} order by id limit ${limit}`;
}

/** Lists those that were not compared in the half day before `at`. */
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

/** A customer that could not be compared, or one object of a customer. */
export interface Unread {
  customer: string;
  /** Stripe's id of the parked object; undefined for the whole customer */
  object?: string | undefined;
  error: unknown;
}

export interface Reconciled {
  compared: number;
  differences: Difference[];
  unread: Unread[];
  /** the compared customers */
  read: string[];
  /** the last customer that is done: an interrupted run continues after it */
  last: string | undefined;
  stopped: boolean;
}

export interface ReconcileRequest {
  at: Date;
  /** only this one */
  customer?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
  /** only those that were not compared for half a day */
  overdue?: boolean | undefined;
  shouldStop?: (() => boolean) | undefined;
  /** called after each page, with the last customer that is done */
  page?: ((done: number, last: string) => Promise<void>) | undefined;
}

const pageSize = 50;
/** Customers that are read concurrently; the account's own limits apply as well. */
const concurrency = 6;

/**
 * Compares every linked customer with Stripe, page by page: subscriptions, invoices, payments, refunds. Returns the differences, and
 * stores Stripe's state when `write` commits. A failure does not stop the rest: neither a customer the others, nor an object its customer.
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
  throw new Failure('refused', `${customer} is not linked with a Stripe customer`, {
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
