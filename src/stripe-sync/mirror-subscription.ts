import { call, callRows } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type LiveSubscription, auditOf, findLiveSubscription } from '../subscriptions/live-subscription.ts';
import { followSubscription } from './follow-subscription.ts';
import type { StripeSubscription } from './read-subscription.ts';
import { addEnded, insertSubscription, takeOverSubscription } from './write-subscription.ts';
import { endPlanCredits } from '../subscriptions/start.ts';
import type { Mirroring } from './mirroring.ts';

/** The row that is the copy of a subscription at Stripe. */
interface Row {
  id: string;
  isLive: boolean;
  fromAt: Date;
}

/**
 * Syncs a subscription: bounds, status, plan, seats, cancellation. Nothing is decided here, and a second call changes nothing. The caller
 * has locked the customer.
 * @throws Failure refused when the customer pays for another subscription, here or at Stripe: one of them must end first
 */
export async function mirrorSubscription(tx: Db, change: Change, mirroring: Mirroring): Promise<void> {
  const { customer, found } = mirroring;
  const row = await findRow(tx, customer, found.stripeId);
  if (row && !row.isLive) return;
  if (row && found.endedAt) return endSubscription(tx, change, mirroring, row);
  if (row) return followSubscription(tx, change, mirroring);
  if (!found.endedAt) return beginSubscription(tx, change, mirroring);
  // it started and ended unseen: with its effects when nothing followed it
  if (await hasLater(tx, customer, found.startedAt)) return addEnded(tx, change, mirroring);
  await beginSubscription(tx, change, { ...mirroring, found: { ...found, status: 'active', endedAt: null } });
  return endSubscription(tx, change, mirroring, (await findRow(tx, customer, found.stripeId))!);
}

async function findRow(tx: Db, customer: string, stripeId: string): Promise<Row | undefined> {
  const [row] = await tx<Row[]>`
    select id, from_at as "fromAt", status in ('trialing', 'active', 'past_due', 'paused') as "isLive"
      from subctl.subscriptions where customer_id = ${customer} and stripe_subscription_id = ${stripeId}`;
  return row;
}

async function hasLater(tx: Db, customer: string, startedAt: Date): Promise<boolean> {
  const [row] = await tx<[{ later: boolean }]>`
    select exists (select from subctl.subscriptions
                    where customer_id = ${customer} and (from_at > ${startedAt} or (ended_at is null and collection = 'stripe'))) as later`;
  return row.later;
}

/** Replaces a subscription that is not paid for by this one, or starts it. */
async function beginSubscription(tx: Db, change: Change, mirroring: Mirroring): Promise<void> {
  const { customer, found } = mirroring;
  const head = await findLiveSubscription(tx, customer);
  if (head) checkReplaceable(head, found);
  const from = head && head.fromAt > found.startedAt ? head.fromAt : found.startedAt;
  if (head) await takeOverSubscription(tx, change, { ...mirroring, head, from });
  else await insertSubscription(tx, change, { ...mirroring, from });
  await call(tx, 'subctl_internal.flush_windows', { customer, cut: from });
  await endPlanCredits(tx, [customer], from);
  await call(tx, 'subctl_internal.post_due_credits', {
    p_customers: [customer],
    p_as_of: mirroring.at,
    p_change: change.id,
  });
  const after = (await findLiveSubscription(tx, customer))!;
  const before = head ? auditOf(head) : null;
  await audit(tx, change, [
    { customer, entity: 'subscription', key: after.id, before, after: auditOf(after) },
  ]);
}

function checkReplaceable(head: LiveSubscription, { stripeId }: StripeSubscription): void {
  if (head.collection === 'free' || head.collection === 'complimentary') return;
  const which =
    head.collection === 'stripe'
      ? 'another subscription at Stripe'
      : `a subscription to ${head.plan} by ${head.collection}`;
  throw new Failure('refused', `${head.customer} pays for ${which} and for ${stripeId} at Stripe`, {
    hint:
      head.collection === 'stripe'
        ? 'cancel one of the two in the Stripe Dashboard, and refund the duplicate payment'
        : `end the local one first: subctl subscriptions cancel ${head.customer} --now`,
  });
}

async function endSubscription(
  tx: Db,
  change: Change,
  { customer, found, at }: Mirroring,
  row: Row,
): Promise<void> {
  const before = (await findLiveSubscription(tx, customer))!;
  // the bounds and the plan that it had last, which may never have been seen
  const until = found.endedAt! < at ? found.endedAt! : at;
  await followSubscription(tx, change, { customer, found: { ...found, status: before.status }, at: until });
  const last = (await findLiveSubscription(tx, customer))!;
  // one that ended in the same second in which it began, or changed, gets a minimal duration
  const endedAt = found.endedAt! > last.fromAt ? found.endedAt! : new Date(last.fromAt.getTime() + 1);
  await tx`select subctl_internal.post_due_credits(array[${customer}], ${endedAt}::timestamptz - interval '1 microsecond', ${change.id})`;
  await callRows(tx, 'subctl_internal.end_subscriptions', {
    p_customers: [customer],
    p_subscriptions: [row.id],
    p_ended_at: [endedAt],
    p_statuses: ['canceled'],
    p_cause: 'cancel',
    p_reasons: ['ended at Stripe'],
    p_as_of: at,
    p_change: change.id,
  });
  await call(tx, 'subctl_internal.post_due_credits', {
    p_customers: [customer],
    p_as_of: at,
    p_change: change.id,
  });
  await tx`
    update subctl.subscriptions set suspended_at = null, canceled_at = ${found.canceledAt ?? endedAt}, cancel_at_period_end = ${found.cancelAtPeriodEnd}
     where customer_id = ${customer} and id = ${row.id}`;
  await audit(tx, change, [
    {
      customer,
      entity: 'subscription',
      key: row.id,
      before: { ...auditOf(last), ended_at: null },
      after: { ...auditOf(last), status: 'canceled', ended_at: endedAt },
    },
  ]);
}
