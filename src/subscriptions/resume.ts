import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { auditOf, findLiveSubscription } from './live-subscription.ts';
import { settleSubscriptions } from './settle.ts';
import { lockLiveSubscription } from './lock-live-subscription.ts';

/** The result of resuming, as `--json` shows it. */
export interface Resumed extends Record<string, unknown> {
  customer: string;
  plan: string;
  status: string;
  /** length of the pause in days, to the second */
  paused_seconds: number;
  period_start: Date;
  period_end: Date;
  sentence: string;
}

/**
 * Ends a pause at the change's instant. After a stopped clock the rest of the period follows; where a running clock passed the period's
 * end, a new period begins now and is charged.
 * @throws Failure not_found, refused for one that is not paused
 */
export async function resumeSubscription(tx: Db, change: Change, customer: string): Promise<Resumed> {
  const head = await lockLiveSubscription(tx, change, customer);
  if (head.status !== 'paused') {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${head.plan} is not paused: it is ${head.status.replace('_', ' ')}`,
      { hint: `subctl subscriptions show ${customer}` },
    );
  }
  await call(tx, 'subctl_internal.resume_subscriptions', {
    p_customers: [customer],
    p_subscriptions: [head.id],
    p_resumed_at: [change.at],
    p_reason: change.reason,
    p_as_of: change.at,
    p_change: change.id,
  });
  await settleSubscriptions(tx, change, [customer]);
  const after = (await findLiveSubscription(tx, customer))!;
  await audit(tx, change, [
    { customer, entity: 'subscription', key: head.id, before: auditOf(head), after: auditOf(after) },
  ]);
  const seconds = Math.round((change.at.getTime() - head.fromAt.getTime()) / 1000);
  return {
    customer,
    plan: after.plan,
    status: after.status,
    clock: head.pauseClock,
    paused_seconds: seconds,
    period_start: after.periodStart,
    period_end: after.periodEnd,
    subscription: head.id,
    sentence: `${customer} has ${after.plan} again, this period until ${after.periodEnd.toISOString()}${head.pauseClock === 'runs' ? '' : '; coming periods are counted from there'}`,
  };
}
