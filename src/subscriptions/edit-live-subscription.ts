import { and, eq, sql } from 'drizzle-orm';
import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { renewals, subscriptions } from '../database/schema/subscriptions.ts';
import { invoices } from '../database/schema/invoices.ts';
import { type LiveSubscription, auditOf, findLiveSubscription } from './live-subscription.ts';
import { type Terms, isBilled } from './terms.ts';

/** No change of plan waits. */
const noPendingPlan = {
  ...{ pendingPlanId: null, pendingVersion: null, pendingEvery: null, pendingPrice: null },
  ...{ pendingQuantity: null, pendingCollection: null, pendingCurrency: null },
};

const isOne = ({ customer, id }: LiveSubscription) =>
  and(eq(subscriptions.customerId, customer), eq(subscriptions.id, id));

/**
 * Stores the plan that the subscription takes at its period's end (R31), or at the instant `at`, which shortens the current period: the
 * new plan's first period, usage and credits begin then. A pending cancellation or change is canceled.
 */
export async function schedulePlan(
  tx: Db,
  change: Change,
  {
    head: given,
    terms,
    at,
    note,
  }: { head: LiveSubscription; terms: Terms; at?: Date | undefined; note?: string | undefined },
): Promise<LiveSubscription> {
  const head = await undoCut(tx, given);
  const { currentPeriodEnd, epoch } = subscriptions;
  const cut = at && {
    cutFrom: sql`case when ${at}::timestamptz < ${currentPeriodEnd} then ${currentPeriodEnd} end`,
    currentPeriodEnd: sql`least(${currentPeriodEnd}, ${at}::timestamptz)`,
  };
  await orm(tx)
    .update(subscriptions)
    .set({
      ...{ pendingPlanId: terms.plan, pendingVersion: terms.version, pendingEvery: terms.every },
      pendingPrice: isBilled(terms.collection) ? terms.price : '0',
      ...{ pendingQuantity: terms.seats, pendingCollection: terms.collection },
      ...{ pendingCurrency: terms.currency, pendingAt: at ?? null, cutFrom: null, ...cut },
      ...{ epoch: sql`${epoch} + 1`, autoRenew: true, cancelAtPeriodEnd: false, canceledAt: null },
      ...{ note, changeId: change.id },
    })
    .where(isOne(head));
  if (at && at < head.periodEnd)
    await call(tx, 'subctl_internal.move_period_end', {
      p_customer: head.customer,
      p_subscription: head.id,
      p_was: head.periodEnd,
      p_ends: at,
    });
  return audited(tx, change, given);
}

/**
 * Restores the old end of a period that a pending change shortened, with the renewal and invoice that were written meanwhile; the change
 * is removed.
 */
export async function undoCut(tx: Db, head: LiveSubscription): Promise<LiveSubscription> {
  if (head.pendingAt === null) return head;
  const { cutFrom: end, currentPeriodEnd, epoch } = subscriptions;
  await orm(tx)
    .update(subscriptions)
    .set({
      ...noPendingPlan,
      ...{ pendingAt: null, cutFrom: null, epoch: sql`${epoch} + 1` },
      currentPeriodEnd: sql`coalesce(${end}, ${currentPeriodEnd})`,
    })
    .where(isOne(head));
  if (!head.cutFrom) return (await findLiveSubscription(tx, head.customer))!;
  const { customer, id, periodStart, periodEnd, cutFrom } = head;
  for (const table of [renewals, invoices])
    await orm(tx)
      .update(table)
      .set({ periodEnd: cutFrom })
      .where(
        and(
          ...[eq(table.customerId, customer), eq(table.subscriptionId, id)],
          ...[eq(table.periodStart, periodStart), eq(table.periodEnd, periodEnd)],
        ),
      );
  await call(tx, 'subctl_internal.move_period_end', {
    p_customer: head.customer,
    p_subscription: head.id,
    p_was: head.periodEnd,
    p_ends: head.cutFrom,
  });
  return (await findLiveSubscription(tx, head.customer))!;
}

/** How a subscription continues after its period: renewing or not, or renewing until it ends at an instant. */
export type Renewal = { autoRenew: boolean } | { endsAt: Date };

/** Cancels what is pending for the period's end, a change of plan (R31) or a cancellation, and sets the other options. */
export async function keepPlan(
  tx: Db,
  change: Change,
  {
    head: given,
    ...set
  }: {
    head: LiveSubscription;
    collection?: string | undefined;
    renewal?: Renewal | undefined;
    note?: string | undefined;
  },
): Promise<LiveSubscription> {
  const head = await undoCut(tx, given);
  const { collection, note } = set; // what is undefined stays
  const notCanceled = { cancelAtPeriodEnd: false, canceledAt: null };
  await orm(tx)
    .update(subscriptions)
    .set({ ...noPendingPlan, ...notCanceled, collection, note, changeId: change.id })
    .where(isOne(head));
  if (set.renewal) await setRenewal(tx, head, set.renewal);
  return audited(tx, change, given);
}

/**
 * Sets how it continues. A new end may shorten the current period, and an end that shortened it may be removed: then the period ends where
 * its anchor says. The windows and credits that end with it move with its end.
 */
async function setRenewal(tx: Db, head: LiveSubscription, renewal: Renewal): Promise<void> {
  const { customer, id } = head;
  const endsAt = 'endsAt' in renewal ? renewal.endsAt : null;
  // without renewal it ends with the current period, and its term stays
  if ('autoRenew' in renewal && !renewal.autoRenew) {
    await orm(tx).update(subscriptions).set({ autoRenew: false }).where(isOne(head));
    return;
  }
  await tx`
    update subctl.subscriptions s
       set ends_at = ${endsAt}, current_period_end = least(n.ends, ${endsAt}), auto_renew = ${endsAt}::timestamptz is null or ${endsAt} > n.ends, epoch = s.epoch + 1
      from (select o.customer_id, o.id,
                   case when o.current_period_end < o.ends_at or o.ends_at is null then o.current_period_end
                        when o.status = 'trialing' then greatest(o.trial_end, o.current_period_end)
                        else greatest(upper(subctl_internal.period_at(o.anchor, o.every, o.current_period_start, o.anchor_timezone)), o.current_period_end) end as ends
              from subctl.subscriptions o where o.customer_id = ${customer} and o.id = ${id}) n
     where s.customer_id = n.customer_id and s.id = n.id`;
  const after = (await findLiveSubscription(tx, customer))!;
  if (after.periodEnd.getTime() !== head.periodEnd.getTime())
    await call(tx, 'subctl_internal.move_period_end', {
      p_customer: customer,
      p_subscription: id,
      p_was: head.periodEnd,
      p_ends: after.periodEnd,
    });
}

/** Marks that the subscription ends at its period's end (R34); a pending change of plan is canceled. */
export async function markCanceled(
  tx: Db,
  change: Change,
  given: LiveSubscription,
): Promise<LiveSubscription> {
  const head = await undoCut(tx, given);
  await orm(tx)
    .update(subscriptions)
    .set({ ...noPendingPlan, cancelAtPeriodEnd: true, canceledAt: change.at, changeId: change.id })
    .where(isOne(head));
  return audited(tx, change, given);
}

async function audited(tx: Db, change: Change, head: LiveSubscription): Promise<LiveSubscription> {
  const after = (await findLiveSubscription(tx, head.customer))!;
  await audit(tx, change, [
    {
      customer: head.customer,
      entity: 'subscription',
      key: head.id,
      before: auditOf(head),
      after: auditOf(after),
    },
  ]);
  return after;
}
