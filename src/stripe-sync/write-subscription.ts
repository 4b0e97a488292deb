import { and, eq } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { subscriptionPhases, subscriptions } from '../database/schema/subscriptions.ts';
import { uuid7 } from '../database/uuid7.ts';
import type { LiveSubscription } from '../subscriptions/live-subscription.ts';
import type { Mirroring } from './mirroring.ts';
import type { StripeSubscription } from './read-subscription.ts';

const dayMs = 86_400_000;

/** The columns of a subscription that Stripe decides. Stripe counts its periods in UTC. */
export function columnsOf(found: StripeSubscription, { since, at }: { since: Date | null; at: Date }) {
  const { sold, status } = found;
  const isPastDue = status === 'past_due';
  const pastDueSince = isPastDue ? (since ?? found.periodStart) : null;
  return {
    status,
    planId: sold.plan,
    version: sold.version,
    every: sold.every,
    currency: sold.currency,
    price: sold.amount,
    quantity: found.quantity,
    collection: 'stripe',
    anchor: found.anchor,
    anchorTimezone: 'UTC',
    currentPeriodStart: found.periodStart,
    currentPeriodEnd: found.periodEnd,
    trialEnd: found.trialEnd,
    autoRenew: true,
    cancelAtPeriodEnd: found.cancelAtPeriodEnd,
    canceledAt: found.canceledAt,
    pastDueSince,
    graceUntil: pastDueSince && new Date(pastDueSince.getTime() + sold.graceDays * dayMs),
    pausedAt: status === 'paused' ? at : null,
    pauseClock: status === 'paused' ? 'runs' : null,
    pendingPlanId: null,
    pendingVersion: null,
    pendingEvery: null,
    pendingPrice: null,
    pendingCollection: null,
    pendingCurrency: null,
    pendingAt: null,
    cutFrom: null,
    pendingQuantity: null,
    usageResetAt: found.periodStart,
    stripeSubscriptionId: found.stripeId,
    stripeItemId: found.itemId,
    metadata: found.next ? { next_at_stripe: found.next } : {},
  };
}

interface Begin extends Mirroring {
  from: Date;
}

/** Writes a subscription that began at Stripe, with its first phase. */
export async function insertSubscription(
  tx: Db,
  change: Change,
  { customer, found, at, from }: Begin,
): Promise<void> {
  const id = uuid7(found.startedAt);
  const [{ epoch } = { epoch: 1 }] = await tx<{ epoch: number }[]>`
    select coalesce(max(epoch), 0) + 1 as epoch from subctl.subscriptions where customer_id = ${customer}`;
  await orm(tx)
    .insert(subscriptions)
    .values({
      customerId: customer,
      id,
      ...columnsOf(found, { since: null, at }),
      suspendedAt: found.isSuspended ? at : null,
      startedAt: found.startedAt,
      fromAt: from,
      epoch,
      assignedBy: 'stripe',
      changeId: change.id,
    });
  await writeMirroredPhase(tx, change, { customer, id, previous: 'none', cause: 'new' });
}

/** Turns a live subscription that is not paid for into the copy of one at Stripe. */
export async function takeOverSubscription(
  tx: Db,
  change: Change,
  { customer, found, at, from, head }: Begin & { head: LiveSubscription },
): Promise<void> {
  await orm(tx)
    .update(subscriptions)
    .set({
      ...columnsOf(found, { since: null, at }),
      suspendedAt: found.isSuspended ? at : null,
      resumesAt: null,
      complimentaryPeriods: 0,
      fromAt: from,
      assignedBy: 'stripe',
      changeId: change.id,
    })
    .where(and(eq(subscriptions.customerId, customer), eq(subscriptions.id, head.id)));
  await tx`update subctl.subscriptions set epoch = epoch + 1 where customer_id = ${customer} and id = ${head.id}`;
  await writeMirroredPhase(tx, change, { customer, id: head.id, previous: head.status, cause: 'upgrade' });
  await writeReset(tx, change, { customer, id: head.id, at: found.periodStart, cause: 'upgrade' });
}

/** Writes one that started and ended unseen and was followed by others: history, without effects. */
export async function addEnded(tx: Db, change: Change, { customer, found, at }: Mirroring): Promise<void> {
  const id = uuid7(found.startedAt);
  const endedAt = found.endedAt! > found.startedAt ? found.endedAt! : found.startedAt;
  const head = columnsOf(found, { since: null, at });
  await orm(tx)
    .insert(subscriptions)
    .values({
      customerId: customer,
      id,
      ...head,
      canceledAt: found.canceledAt ?? endedAt,
      endedAt,
      startedAt: found.startedAt,
      fromAt: endedAt,
      assignedBy: 'stripe',
      changeId: change.id,
    });
  await writeMirroredPhase(tx, change, {
    customer,
    id,
    previous: 'none',
    cause: 'new',
    from: found.startedAt,
    status: 'active',
  });
  if (endedAt > found.startedAt)
    await writeMirroredPhase(tx, change, { customer, id, previous: 'active', cause: 'cancel' });
}

interface MirroredPhase {
  customer: string;
  id: string;
  previous: string;
  cause: string;
  from?: Date;
  status?: string;
}

/** Writes the present state of the subscription to its history; a phase of the same instant is overwritten. */
export async function writeMirroredPhase(tx: Db, change: Change, segment: MirroredPhase): Promise<void> {
  const { customer, id, previous, cause } = segment;
  const [head] = await orm(tx)
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.customerId, customer), eq(subscriptions.id, id)));
  const { planId, version, every, anchor, anchorTimezone, currentPeriodStart, currentPeriodEnd } = head!;
  const now = {
    status: segment.status ?? head!.status,
    ...{ planId, version, every, anchor, anchorTimezone, cause },
    periodStart: currentPeriodStart,
    periodEnd: currentPeriodEnd,
    reason: 'changed at Stripe',
    writtenAt: change.at,
    changeId: change.id,
  };
  const { customerId, subscriptionId, fromAt } = subscriptionPhases;
  await orm(tx)
    .insert(subscriptionPhases)
    .values({
      customerId: customer,
      subscriptionId: id,
      fromAt: segment.from ?? head!.fromAt,
      previousStatus: previous,
      ...now,
    })
    .onConflictDoUpdate({ target: [customerId, subscriptionId, fromAt], set: now });
}

/** Stores that paid meters count from zero from an instant on. */
export async function writeReset(
  tx: Db,
  change: Change,
  { customer, id, at, cause }: { customer: string; id: string; at: Date; cause: string },
): Promise<void> {
  await tx`
    insert into subctl.usage_resets (customer_id, at, subscription_id, cause, reason, written_at, change_id)
    values (${customer}, ${at}, ${id}, ${cause}, 'changed at Stripe', ${change.at}, ${change.id})
    on conflict (customer_id, at) do nothing`;
}
