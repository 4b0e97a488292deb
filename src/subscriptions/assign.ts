import { and, eq, isNotNull } from 'drizzle-orm';
import { type Customer, lockCustomer } from '../customers/find-customer.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { subscriptions } from '../database/schema/subscriptions.ts';
import { Failure } from '../domain/failure.ts';
import { assignLive } from './assign-live.ts';
import { type Assigned, describeAssigned } from './assigned.ts';
import { catchUp } from './catch-up.ts';
import { checkBuyer } from './check-buyer.ts';
import { type LiveSubscription, findLiveSubscription } from './live-subscription.ts';
import { chooseSeats } from './seats.ts';
import { changeSeats } from './change-seats.ts';
import { redeemCode } from './redeem.ts';
import { settleSubscriptions } from './settle.ts';
import { startSubscriptions } from './start.ts';
import { type Terms, getTerms } from './terms.ts';
import type { Assignment } from './assignment.ts';

/**
 * Assigns a plan to a customer: a first subscription, an upgrade now, a downgrade at the period's end, or nothing where the customer has
 * it. Everything happens in the caller's transaction: subscription, history, credits, invoice, audit. The customer is locked first, so
 * that the second of two concurrent calls sees the result of the first.
 * @throws Failure not_found, refused (closed plan, no such price, too few seats, disabled customer, a state that does not allow it)
 */
export async function assignPlan(tx: Db, change: Change, asked: Assignment): Promise<Assigned> {
  const customer = await lockCustomer(tx, asked.customer);
  await settleSubscriptions(tx, change, [customer.id]);
  const written = await findLiveSubscription(tx, customer.id);
  const head = written && (await catchUp(tx, change, written));
  if (asked.seatsOnly) return seatLive(tx, change, head, asked);
  const terms = await getTerms(tx, {
    ...asked,
    collection: asked.collection ?? (head?.collection === 'charge' ? 'charge' : undefined),
    currency: asked.currency ?? customer.currency ?? head?.currency,
  });
  terms.seats = await takeSeats(tx, { terms, asked, head });
  await checkAssignment(tx, { customer, terms, asked, change, holds: head?.plan });
  const { buyer } = asked;
  if (buyer !== undefined) await checkBuyer(tx, { customer, buyer, plan: terms.plan, holds: head?.plan });
  if (head) return assignLive(tx, change, { head, terms, asked });
  return startFirst(tx, change, { customer: customer.id, terms, asked });
}

/** Starts the first subscription of a customer, now. @throws Failure usage, refused, conflict */
async function startFirst(
  tx: Db,
  change: Change,
  { customer, terms, asked }: { customer: string; terms: Terms; asked: Assignment },
): Promise<Assigned> {
  if (asked.when instanceof Date) {
    throw new Failure(
      'usage',
      `${customer} has no subscription that could change at ${asked.when.toISOString()}`,
      {
        hint: 'A first subscription starts now: omit --when',
      },
    );
  }
  const trialDays = await countTrialDays(tx, asked, terms);
  const autoRenew = asked.autoRenew ?? (asked.endsAt ? false : terms.autoRenew);
  const { endsAt, note } = asked;
  const made = await startSubscriptions(tx, change, {
    customers: [customer],
    terms,
    trialDays,
    autoRenew,
    endsAt,
    note,
  });
  if (!made.has(customer)) {
    throw new Failure('conflict', `Another subscription of ${customer} was begun at the same time`, {
      hint: 'Check it, then try again',
    });
  }
  if (asked.discount !== undefined) await redeemCode(tx, change, { customer, code: asked.discount });
  return describeAssigned(tx, { customer, action: 'new', now: change.at });
}

/** Keeps the seats where both plans are sold by the seat. */
async function takeSeats(
  tx: Db,
  { terms, asked, head }: { terms: Terms; asked: Assignment; head: LiveSubscription | undefined },
): Promise<number> {
  const { customer, seats } = asked;
  return chooseSeats(tx, { customer, terms, asked: seats, held: head?.quantity });
}

async function seatLive(
  tx: Db,
  change: Change,
  head: LiveSubscription | undefined,
  asked: Assignment,
): Promise<Assigned> {
  if (head?.plan === asked.plan) return changeSeats(tx, change, { head, seats: asked.seats! });
  throw new Failure('conflict', `${asked.customer} has ${head?.plan ?? 'no plan'} now, not ${asked.plan}`, {
    hint: `Check it, then try again: subctl subscriptions show ${asked.customer}`,
  });
}

interface Check {
  customer: Customer;
  terms: Terms;
  asked: Assignment;
  change: Change;
  holds: string | undefined;
}

async function checkAssignment(tx: Db, { customer, terms, asked, change, holds }: Check): Promise<void> {
  if (customer.disabledAt && customer.disabledAt <= change.at) {
    throw new Failure('refused', `Customer ${customer.id} is disabled`, {
      hint: `subctl customers enable ${customer.id}`,
    });
  }
  if (!terms.active && holds !== terms.plan) {
    throw new Failure('refused', `Plan ${terms.plan} is closed to new subscribers`, {
      hint: `Open it: subctl plans activate ${terms.plan}; or choose another: subctl plans list`,
    });
  }
  if (asked.endsAt && asked.endsAt <= change.at) {
    throw new Failure(
      'usage',
      `The subscription would end at ${asked.endsAt.toISOString()}, which is in the past`,
      {
        hint: 'Give a later --ends',
      },
    );
  }
  if (asked.endsAt && asked.autoRenew) {
    throw new Failure('usage', 'A subscription that ends does not renew', {
      hint: 'Omit --ends or the renewal',
    });
  }
  await checkHistory(tx, customer.id, change.at);
}

/** A change cannot precede the last one (a --as-of in the past). */
async function checkHistory(tx: Db, customer: string, now: Date): Promise<void> {
  const [row] = await tx<[{ last: Date | null }]>`
    select max(from_at) as last from subctl.subscriptions where customer_id = ${customer}`;
  if (!row.last || row.last <= now) return;
  throw new Failure(
    'refused',
    `The subscription of ${customer} changed at ${row.last.toISOString()}, which is after ${now.toISOString()}`,
    {
      hint: `Choose a later --as-of. Show the history: subctl subscriptions history ${customer}`,
    },
  );
}

/** Checks the trial: one per customer, ever. */
async function countTrialDays(tx: Db, asked: Assignment, terms: Terms): Promise<number> {
  const days = asked.trialDays ?? terms.trialDays;
  if (days === 0) return 0;
  const { customerId, planId, startedAt, trialEnd } = subscriptions;
  const [before] = await orm(tx)
    .select({ plan: planId, startedAt })
    .from(subscriptions)
    .where(and(eq(customerId, asked.customer), isNotNull(trialEnd)))
    .orderBy(startedAt)
    .limit(1);
  if (!before) return days;
  if (asked.trialDays === undefined) return 0;
  throw new Failure(
    'refused',
    `${asked.customer} had a trial of ${before.plan} from ${before.startedAt.toISOString()}, and a customer can have only one`,
    {
      hint: 'Omit --trial-days, or give free days with a complimentary subscription',
    },
  );
}
