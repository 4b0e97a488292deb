import { call, callRows } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { catchUp } from './catch-up.ts';
import { markCanceled } from './edit-live-subscription.ts';
import { type Effective, getEffective } from './effective.ts';
import { type LiveSubscription, auditOf } from './live-subscription.ts';
import { lockLiveSubscription } from './lock-live-subscription.ts';

/** The result of a cancellation, as `--json` shows it. */
export interface Canceled extends Record<string, unknown> {
  customer: string;
  plan: string;
  status: string;
  action: 'canceled' | 'cancel_scheduled' | 'cancel_unchanged';
  ends_at: Date;
  /** the plan that follows; null is none */
  falls_to: string | null;
  /** false: there was nothing to do */
  changed: boolean;
  sentence: string;
}

/**
 * Cancels a customer's subscription at its period's end, or with `now` immediately: access to the plan ends, its credits end, and the
 * fallback plan begins at that instant (R34). No cancellation takes effect in the past: where the period's end has passed (unpaid, or in a
 * pause whose clock runs) it is now, because the usage since then belongs to this plan (R13, R16). Nothing is refunded.
 * @throws Failure not_found without a live subscription, refused for one that Stripe owns
 */
export async function cancelSubscription(
  tx: Db,
  change: Change,
  { customer, atOnce }: { customer: string; atOnce: boolean },
): Promise<Canceled> {
  const written = await lockLiveSubscription(tx, change, customer);
  const head = await catchUp(tx, change, written);
  const isOver = written.periodEnd <= change.at || (await isMissed(tx, head));
  const fallsTo = await findFallback(tx, head.plan);
  const done = { customer, plan: head.plan, falls_to: fallsTo, subscription: head.id };
  const then = fallsTo === null ? 'and then has no plan' : `and then has ${fallsTo}`;
  if (atOnce || (isOver && !clockStandsStill(head))) {
    const endedAt = await endNow(tx, change, head);
    const now = await getEffective(tx, customer, endedAt);
    const sentence = `The subscription of ${customer} to ${head.plan} has ended ${then}; nothing is refunded`;
    return {
      ...done,
      status: 'canceled',
      action: 'canceled',
      ends_at: endedAt,
      ...present(now),
      changed: true,
      sentence,
    };
  }
  if (clockStandsStill(head)) {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${head.plan} is paused with a stopped clock, so its period has no end yet`,
      {
        hint: `Cancel now: subctl subscriptions cancel ${customer} --now; or resume first: subctl subscriptions resume ${customer}`,
      },
    );
  }
  const action = head.cancelAtPeriodEnd ? 'cancel_unchanged' : 'cancel_scheduled';
  const { periodEnd } = head.cancelAtPeriodEnd ? head : await markCanceled(tx, change, head);
  const end = periodEnd.toISOString();
  const sentence = `${action === 'cancel_unchanged' ? 'Nothing to do: ' : ''}${customer} keeps ${head.plan} until ${end} ${then}`;
  const now = await getEffective(tx, customer, change.at);
  return {
    ...done,
    status: head.status,
    action,
    ends_at: periodEnd,
    ...present(now),
    changed: !head.cancelAtPeriodEnd,
    sentence,
  };
}

/** Whether the end of its period moves with time, so that it is unknown. */
const clockStandsStill = ({ status, pauseClock, resumesAt }: LiveSubscription): boolean =>
  status === 'paused' && pauseClock === 'stops' && resumesAt === null;

/** Whether the current period began with an overdue invoice, so that it was not invoiced. */
async function isMissed(db: Db, { customer, id }: LiveSubscription): Promise<boolean> {
  const [row] = await db<[{ missed: boolean }]>`
    select exists (select from subctl_internal.unpaid_period_begun(${customer}, ${id})) as missed`;
  return row.missed;
}

const present = ({ plan, access }: Effective) => ({ plan_now: plan, access_now: access });

async function findFallback(tx: Db, plan: string): Promise<string | null> {
  return call(tx, 'subctl_internal.fallback_plan', { plan });
}

async function endNow(tx: Db, change: Change, head: LiveSubscription): Promise<Date> {
  const { customer, id } = head;
  // what ends at the same instant at which it began, or changed, gets a minimal duration
  const at = change.at > head.fromAt ? change.at : new Date(head.fromAt.getTime() + 1);
  await callRows(tx, 'subctl_internal.end_subscriptions', {
    p_customers: [customer],
    p_subscriptions: [id],
    p_ended_at: [at],
    p_statuses: ['canceled'],
    p_cause: 'cancel',
    p_reasons: [change.reason],
    p_as_of: at,
    p_change: change.id,
  });
  await call(tx, 'subctl_internal.post_due_credits', {
    p_customers: [customer],
    p_as_of: at,
    p_change: change.id,
  });
  const after = { ...auditOf(head), status: 'canceled', ended_at: at };
  await audit(tx, change, [
    { customer, entity: 'subscription', key: id, before: { ...auditOf(head), ended_at: null }, after },
  ]);
  return at;
}
