import { and, desc, eq } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { subscriptions } from '../database/schema/subscriptions.ts';
import { Failure } from '../domain/failure.ts';
import { keepPlan } from './edit-live-subscription.ts';
import { lockLiveSubscription } from './lock-live-subscription.ts';

/**
 * Undoes a pending cancellation, before the period's end. Afterwards there is nothing to undo.
 * @throws Failure not_found after the end (naming it) and without a subscription, refused for one that ends by its terms
 */
export async function reactivateSubscription(tx: Db, change: Change, customer: string) {
  const head = await lockLiveSubscription(tx, change, customer).catch((error: unknown) =>
    explainEnd(tx, customer, error),
  );
  if (!head.cancelAtPeriodEnd && head.assignedBy === 'subctl') await refuseEnded(tx, customer);
  const end = head.periodEnd.toISOString();
  if (head.cancelAtPeriodEnd) await keepPlan(tx, change, { head });
  return {
    customer,
    plan: head.plan,
    status: head.status,
    action: head.cancelAtPeriodEnd ? ('reactivated' as const) : ('nothing_waits' as const),
    renews: head.autoRenew,
    period_end: head.periodEnd,
    subscription: head.id,
    changed: head.cancelAtPeriodEnd,
    sentence: head.cancelAtPeriodEnd
      ? `${customer} keeps ${head.plan}: the cancellation is undone${head.autoRenew ? '' : `; it ends at ${end} by its terms`}`
      : `Nothing to do: ${customer} has no pending cancellation${head.autoRenew ? '' : `, and its subscription ends at ${end}; to turn renewal on: subctl assign ${customer} ${head.plan} --auto-renew`}`,
  };
}

async function explainEnd(tx: Db, customer: string, error: unknown): Promise<never> {
  if (error instanceof Failure && error.kind === 'not_found') await refuseEnded(tx, customer);
  throw error;
}

/** The cancellation has taken effect: only a new assignment helps. */
async function refuseEnded(tx: Db, customer: string): Promise<void> {
  const { customerId, status, planId, endedAt } = subscriptions;
  const [ended] = await orm(tx)
    .select({ plan: planId, at: endedAt })
    .from(subscriptions)
    .where(and(eq(customerId, customer), eq(status, 'canceled')))
    .orderBy(desc(endedAt))
    .limit(1);
  if (!ended?.at) return;
  throw new Failure(
    'refused',
    `The subscription of ${customer} to ${ended.plan} ended at ${ended.at.toISOString()}, so its cancellation cannot be undone`,
    { hint: `Start a new one: subctl assign ${customer} ${ended.plan}` },
  );
}
