import { and, eq } from 'drizzle-orm';
import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { subscriptions } from '../database/schema/subscriptions.ts';
import { Failure } from '../domain/failure.ts';
import { type LiveSubscription, auditOf, findLiveSubscription } from './live-subscription.ts';
import { refusePendingChange } from './refuse-pending-change.ts';
import { lockLiveSubscription } from './lock-live-subscription.ts';
import { writePhase } from './write-phase.ts';

/** The result of an extension, as `--json` shows it. */
export interface Extended extends Record<string, unknown> {
  customer: string;
  plan: string;
  action: 'extended' | 'complimentary';
  period_end: Date;
  /** free periods after this one */
  complimentary_periods: number;
  sentence: string;
}

/**
 * Extends the current period by days on the wall clock of its time zone, with the credits and windows that end with it. Coming periods are
 * counted from the new end; a term is extended as well. Nothing is charged.
 * @throws Failure not_found, refused for a past-due subscription, or one paused with a stopped clock
 */
export async function extendByDays(
  tx: Db,
  change: Change,
  { customer, days }: { customer: string; days: number },
): Promise<Extended> {
  const head = await lockLiveSubscription(tx, change, customer);
  checkState(head);
  refusePendingChange(head);
  await tx`
    update subctl.subscriptions s
       set from_at = ${change.at}, current_period_end = n.ends, trial_end = case when s.status = 'trialing' then n.ends else s.trial_end end,
           ends_at = subctl_internal.local_instant((s.ends_at at time zone s.anchor_timezone) + make_interval(days => ${days}::int), s.anchor_timezone),
           epoch = s.epoch + 1, change_id = ${change.id}
      from (select subctl_internal.local_instant((o.current_period_end at time zone o.anchor_timezone) + make_interval(days => ${days}::int), o.anchor_timezone) as ends
              from subctl.subscriptions o where o.customer_id = ${customer} and o.id = ${head.id}) n
     where s.customer_id = ${customer} and s.id = ${head.id}`;
  await writePhase(tx, change, { before: head, cause: 'extend' });
  const after = (await findLiveSubscription(tx, customer))!;
  await call(tx, 'subctl_internal.move_period_end', {
    p_customer: customer,
    p_subscription: head.id,
    p_was: head.periodEnd,
    p_ends: after.periodEnd,
  });
  await note(tx, change, head, after);
  const from = `instead of ${head.periodEnd.toISOString()}`;
  const then = head.autoRenew && !head.cancelAtPeriodEnd ? '; coming periods are counted from there' : '';
  return describe(after, {
    action: 'extended',
    sentence: `The period of ${customer} on ${head.plan} ends at ${after.periodEnd.toISOString()} ${from}${then}`,
  });
}

/**
 * Makes the next `periods` free: they are renewed as usual, with their credits and limits, and not charged.
 * @throws Failure not_found, refused for a subscription that does not renew or is free anyway
 */
export async function giveComplimentary(
  tx: Db,
  change: Change,
  { customer, periods }: { customer: string; periods: number },
): Promise<Extended> {
  const head = await lockLiveSubscription(tx, change, customer);
  checkState(head);
  if (!head.autoRenew || head.cancelAtPeriodEnd) {
    throw new Failure('refused', `The subscription of ${customer} to ${head.plan} does not renew`, {
      hint: `Extend by days: subctl subscriptions extend ${customer} --days 30${head.cancelAtPeriodEnd ? `; or undo the cancellation: subctl subscriptions reactivate ${customer}` : `; or turn renewal on: subctl assign ${customer} ${head.plan} --auto-renew`}`,
    });
  }
  if (head.collection === 'free' || head.collection === 'complimentary') {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${head.plan} is ${head.collection}: nothing is charged for it`,
      {
        hint: `subctl subscriptions show ${customer}`,
      },
    );
  }
  const given = head.complimentaryPeriods + periods;
  await orm(tx)
    .update(subscriptions)
    .set({ complimentaryPeriods: given, changeId: change.id })
    .where(and(eq(subscriptions.customerId, customer), eq(subscriptions.id, head.id)));
  const after = (await findLiveSubscription(tx, customer))!;
  await note(tx, change, head, after);
  return describe(after, {
    action: 'complimentary',
    sentence: `${customer} has ${head.plan} and is not charged for ${given === 1 ? 'the next period' : `the next ${given} periods`} from ${head.periodEnd.toISOString()} on`,
  });
}

function checkState(head: LiveSubscription): void {
  const { customer, plan } = head;
  if (head.status === 'past_due') {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} is past due`, {
      hint: `Settle the open invoices first; see subctl subscriptions history ${customer}`,
    });
  }
  if (head.status === 'paused') {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} is paused`, {
      hint: `First: subctl subscriptions resume ${customer}`,
    });
  }
}

async function note(
  tx: Db,
  change: Change,
  before: LiveSubscription,
  after: LiveSubscription,
): Promise<void> {
  const [old, now] = [before, after].map((head) => ({
    ...auditOf(head),
    complimentary_periods: head.complimentaryPeriods,
  }));
  await audit(tx, change, [
    { customer: before.customer, entity: 'subscription', key: before.id, before: old!, after: now! },
  ]);
}

const describe = (
  head: LiveSubscription,
  { action, sentence }: Pick<Extended, 'action' | 'sentence'>,
): Extended => ({
  customer: head.customer,
  plan: head.plan,
  status: head.status,
  action,
  period_start: head.periodStart,
  period_end: head.periodEnd,
  complimentary_periods: head.complimentaryPeriods,
  subscription: head.id,
  sentence,
});
