import type { Renamed } from '../database/columns.ts';
import type { subscriptions } from '../database/schema/subscriptions.ts';
import type { Db } from '../database/connect.ts';

/** A customer's live subscription as it is stored; its phases have its past. */
export type LiveSubscription = Renamed<
  Pick<
    typeof subscriptions.$inferSelect,
    | ('id' | 'customerId' | 'status' | 'planId' | 'version' | 'every' | 'price' | 'currency' | 'quantity')
    | ('collection' | 'anchor' | 'anchorTimezone' | 'startedAt' | 'fromAt' | 'currentPeriodStart')
    | ('currentPeriodEnd' | 'trialEnd' | 'endsAt' | 'autoRenew' | 'cancelAtPeriodEnd' | 'pendingPlanId')
    | ('pendingVersion' | 'pendingEvery' | 'pendingPrice' | 'pendingQuantity' | 'pendingAt' | 'cutFrom')
    | ('usageResetAt' | 'note' | 'pauseClock' | 'resumesAt' | 'complimentaryPeriods' | 'assignedBy')
  >,
  {
    customerId: 'customer';
    planId: 'plan';
    anchorTimezone: 'timezone';
    currentPeriodStart: 'periodStart';
    currentPeriodEnd: 'periodEnd';
    pendingPlanId: 'pendingPlan';
  }
> & { status: 'trialing' | 'active' | 'past_due' | 'paused'; pauseClock: 'stops' | 'runs' | null };

/** The live subscription of a customer, if any. A customer has at most one. */
export async function findLiveSubscription(db: Db, customer: string): Promise<LiveSubscription | undefined> {
  const [row] = await db<LiveSubscription[]>`
    select id, customer_id as customer, status, plan_id as plan, version, every, price, currency, quantity,
           pending_quantity as "pendingQuantity", collection, anchor,
           anchor_timezone as timezone, started_at as "startedAt", from_at as "fromAt", current_period_start as "periodStart",
           current_period_end as "periodEnd", trial_end as "trialEnd", ends_at as "endsAt", auto_renew as "autoRenew",
           cancel_at_period_end as "cancelAtPeriodEnd", pending_plan_id as "pendingPlan", pending_version as "pendingVersion",
           pending_every as "pendingEvery", pending_price as "pendingPrice", pending_at as "pendingAt", cut_from as "cutFrom", usage_reset_at as "usageResetAt", note,
           pause_clock as "pauseClock", resumes_at as "resumesAt", complimentary_periods as "complimentaryPeriods", assigned_by as "assignedBy"
      from subctl.subscriptions
     where customer_id = ${customer} and status in ('trialing', 'active', 'past_due', 'paused')`;
  return row;
}

/** The fields of a subscription in the audit. */
export function auditOf(head: LiveSubscription): Record<string, unknown> {
  const {
    plan,
    version,
    every,
    status,
    price,
    currency,
    collection,
    periodStart,
    periodEnd,
    autoRenew,
    note,
  } = head;
  const { cancelAtPeriodEnd, pendingPlan, pendingAt, endsAt, quantity, pendingQuantity } = head;
  return {
    ...{
      plan,
      version,
      every,
      status,
      price,
      currency,
      collection,
      period_start: periodStart,
      period_end: periodEnd,
    },
    ...(endsAt && { ends_at: endsAt }),
    ...((quantity !== 1 || pendingQuantity !== null) && { seats: quantity, pending_seats: pendingQuantity }),
    ...{ auto_renew: autoRenew, cancel_at_period_end: cancelAtPeriodEnd, pending_plan: pendingPlan, note },
    ...(pendingAt && { pending_at: pendingAt }),
  };
}
