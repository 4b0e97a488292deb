import { and, eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { subscriptions } from '../database/schema/subscriptions.ts';
import { Failure } from '../domain/failure.ts';
import { type IssuedInvoice, issueInvoice } from '../invoices/issue.ts';
import { type Action, type Assigned, describeAssigned } from './assigned.ts';
import { type LiveSubscription, auditOf, findLiveSubscription } from './live-subscription.ts';
import { discountProration } from './discount-proration.ts';
import { partOf, restOfPeriod } from './prorate.ts';
import { checkSeats, listSeated, notBySeat } from './seats.ts';
import { isBilled } from './terms.ts';

interface Version {
  name: string;
  perSeat: boolean;
  maxUsers: number | null;
  netDays: number;
  /** the pending plan is sold by the seat too; null where none is pending */
  nextPerSeat: boolean | null;
}

/**
 * Changes the seats of a live subscription (R38), whose version, price and period stay. More seats take effect now and are charged by days
 * for the rest of the period. Fewer seats take effect with the next period; taking the paid ones back within the period costs nothing
 * more. The caller has locked and settled the customer.
 * @throws Failure refused for a plan that is not sold by the seat, a state that does not allow it, more seats than the plan has, and fewer
 * than there are members
 */
export async function changeSeats(
  tx: Db,
  change: Change,
  { head, seats }: { head: LiveSubscription; seats: number },
): Promise<Assigned> {
  const { customer } = head;
  const version = await getVersion(tx, head);
  if (!version.perSeat) throw notBySeat(head.plan, version.maxUsers);
  checkState(head, change.at, seats);
  checkSeats(
    { customer, plan: head.plan, maxUsers: version.maxUsers, members: await listSeated(tx, customer) },
    seats,
  );
  const action = actionOf(head, seats);
  const facts = { customer, action, now: change.at, seats: head.quantity };
  if (action === 'seats_unchanged') return describeAssigned(tx, facts);
  await writeSeats(tx, change, { head, seats, version });
  const invoice =
    action === 'seats_added' ? await billSeats(tx, change, { head, seats, version }) : undefined;
  return describeAssigned(tx, { ...facts, invoice });
}

async function getVersion(tx: Db, head: LiveSubscription): Promise<Version> {
  const [row] = await tx<[Version]>`
    select p.name, v.per_seat as "perSeat", v.max_users as "maxUsers", v.net_days as "netDays",
           (select n.per_seat from subctl.plan_versions n where n.plan_id = ${head.pendingPlan} and n.version = ${head.pendingVersion}) as "nextPerSeat"
      from subctl.plan_versions v join subctl.plans p on p.id = v.plan_id
     where v.plan_id = ${head.plan} and v.version = ${head.version}`;
  return row;
}

function actionOf({ quantity, pendingQuantity }: LiveSubscription, seats: number): Action {
  if (seats > quantity) return 'seats_added';
  if (seats === (pendingQuantity ?? quantity)) return 'seats_unchanged';
  return seats === quantity ? 'seats_kept' : 'seats_removed_scheduled';
}

function checkState(head: LiveSubscription, now: Date, seats: number): void {
  const { customer, plan, status } = head;
  if (head.fromAt > now) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} changed at ${head.fromAt.toISOString()}, which is after ${now.toISOString()}`,
      { hint: 'Choose a later --as-of' },
    );
  }
  if (status === 'paused' || status === 'past_due') {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} is ${status.replace('_', ' ')}`,
      {
        hint:
          status === 'paused'
            ? `First: subctl subscriptions resume ${customer}`
            : `Settle the open invoices first: subctl invoices list --customer ${customer}`,
      },
    );
  }
  if (seats < head.quantity && (head.cancelAtPeriodEnd || !head.autoRenew)) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} ends with its period, so its seats cannot change`,
      {
        hint: `subctl subscriptions show ${customer}`,
      },
    );
  }
}

/** The seats of the next period; null for the present number. A plan that is not sold by the seat has one. */
function nextQuantity(
  isSoldBySeat: Version['nextPerSeat'],
  { seats, now }: { seats: number; now: number },
): number | null {
  if (isSoldBySeat === null) return seats < now ? seats : null;
  return isSoldBySeat ? seats : 1;
}

interface Seating {
  head: LiveSubscription;
  seats: number;
  version: Version;
}

async function writeSeats(tx: Db, change: Change, { head, seats, version }: Seating): Promise<void> {
  const now = Math.max(seats, head.quantity);
  const next = nextQuantity(version.nextPerSeat, { seats, now });
  await orm(tx)
    .update(subscriptions)
    .set({ quantity: now, pendingQuantity: next, changeId: change.id })
    .where(and(eq(subscriptions.customerId, head.customer), eq(subscriptions.id, head.id)));
  const after = (await findLiveSubscription(tx, head.customer))!;
  const [was, is] = [head, after].map((each) => ({ ...auditOf(each), ...seatsOf(each) }));
  await audit(tx, change, [
    { customer: head.customer, entity: 'subscription', key: head.id, before: was!, after: is! },
  ]);
}

const seatsOf = ({ quantity, pendingQuantity }: LiveSubscription) => ({
  seats: quantity,
  pending_seats: pendingQuantity,
});

/** Charges the new seats for the rest of the period, where the period was charged; its discount codes apply here too. */
async function billSeats(
  tx: Db,
  change: Change,
  { head, seats, version }: Seating,
): Promise<IssuedInvoice | undefined> {
  const { customer, price, currency, status } = head;
  if (price === null || currency === null || status !== 'active' || !(await isCharged(tx, head, change.at)))
    return undefined;
  const more = seats - head.quantity;
  const rest = await restOfPeriod(tx, head, { at: change.at, by: 'days' });
  const ends = rest.ends > change.at ? rest.ends : head.periodEnd;
  const each = partOf(price, rest);
  const invoice = await issueInvoice(tx, change, {
    customer,
    subscription: head.id,
    plan: { id: head.plan, every: head.every },
    sourceKey: `seats:${change.id}`,
    currency,
    periodStart: change.at,
    periodEnd: head.periodEnd,
    netDays: version.netDays,
    charged: head.collection === 'charge',
    lines: [
      {
        kind: 'seats',
        description: `${version.name} (${head.every}), ${more} more ${more === 1 ? 'seat' : 'seats'}, ${rest.words}`,
        amount: { over: each.over.times(more), under: each.under },
        periodStart: change.at,
        periodEnd: ends,
      },
    ],
  });
  return discountProration(tx, change, { head, invoice });
}

/** Whether the current period was invoiced: neither complimentary, nor missed and left uncharged. */
async function isCharged(db: Db, head: LiveSubscription, at: Date): Promise<boolean> {
  if (!isBilled(head.collection)) return false;
  const [row] = await db<[{ found: boolean }]>`
    select exists (
      select from subctl.invoices i
       where i.customer_id = ${head.customer} and i.subscription_id = ${head.id} and i.status in ('open', 'paid')
         and i.period_start >= ${head.periodStart} and i.period_start <= ${at}) as found`;
  return row.found;
}
