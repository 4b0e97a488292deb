import { and, eq } from 'drizzle-orm';
import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { subscriptions } from '../database/schema/subscriptions.ts';
import { auditOf, findLiveSubscription, type LiveSubscription } from '../subscriptions/live-subscription.ts';
import { endPlanCredits } from '../subscriptions/start.ts';
import type { Mirroring } from './mirroring.ts';
import type { StripeSubscription } from './read-subscription.ts';
import { columnsOf, writeMirroredPhase, writeReset } from './write-subscription.ts';

/** What differs between the stored subscription and Stripe's. */
interface Moves {
  /** a later period has begun */
  period: boolean;
  plan: boolean;
  status: boolean;
  anchor: boolean;
  end: boolean;
}

/**
 * Updates a live synced subscription to Stripe's state. A new period resets usage from its own start, however late that is seen; a plan
 * change within a period keeps usage. A period older than the stored one is ignored.
 */
export async function followSubscription(
  tx: Db,
  change: Change,
  { customer, found, at }: Mirroring,
): Promise<void> {
  const head = (await findLiveSubscription(tx, customer))!;
  if (found.periodStart < head.periodStart && found.sold.plan === head.plan && found.anchor <= head.anchor)
    return;
  const moves = movesOf(head, found);
  if (moves.period || moves.plan)
    await tx`select subctl_internal.post_due_credits(array[${customer}], ${startOf(moves, found, at)}::timestamptz - interval '1 microsecond', ${change.id})`;
  const begins = moves.status || moves.plan || moves.anchor;
  const fromAt = begins ? laterOf(head.fromAt, startOf(moves, found, at)) : head.fromAt;
  await writeSubscription(tx, change, { head, found, at, fromAt, moves });
  if (begins)
    await writeMirroredPhase(tx, change, {
      customer,
      id: head.id,
      previous: head.status,
      cause: causeOf(moves, head, found),
    });
  await moveUsage(tx, change, { head, found, moves, fromAt });
  if (moves.plan) await endPlanCredits(tx, [customer], fromAt);
  await call(tx, 'subctl_internal.post_due_credits', {
    p_customers: [customer],
    p_as_of: at,
    p_change: change.id,
  });
  if (moves.plan && !moves.period)
    await call(tx, 'subctl_internal.carry_over_credits', { customer, at: fromAt, change: change.id });
  const after = (await findLiveSubscription(tx, customer))!;
  await audit(tx, change, [
    { customer, entity: 'subscription', key: head.id, before: auditOf(head), after: auditOf(after) },
  ]);
}

function movesOf(head: LiveSubscription, found: StripeSubscription): Moves {
  const { sold } = found;
  return {
    period: found.periodStart > head.periodStart,
    plan: sold.plan !== head.plan || sold.version !== head.version || sold.every !== head.every,
    status: found.status !== head.status,
    anchor: found.anchor.getTime() !== head.anchor.getTime(),
    end: found.periodEnd.getTime() !== head.periodEnd.getTime(),
  };
}

/** A change with a new period takes effect at its start; one within a period when it was seen. */
const startOf = (moves: Moves, found: StripeSubscription, at: Date): Date =>
  moves.period ? found.periodStart : at;

const laterOf = (a: Date, b: Date): Date => (a > b ? a : b);

function causeOf(moves: Moves, head: LiveSubscription, found: StripeSubscription): string {
  if (moves.plan) return 'upgrade';
  if (!moves.status) return 'renewal';
  if (found.status === 'past_due') return 'past_due';
  if (found.status === 'paused') return 'pause';
  if (head.status === 'past_due') return 'recovery';
  if (head.status === 'paused') return 'resume';
  return head.status === 'trialing' ? 'trial_end' : 'renewal';
}

interface Write {
  head: LiveSubscription;
  found: StripeSubscription;
  at: Date;
  fromAt: Date;
  moves: Moves;
}

async function writeSubscription(
  tx: Db,
  change: Change,
  { head, found, at, fromAt, moves }: Write,
): Promise<void> {
  const where = and(eq(subscriptions.customerId, head.customer), eq(subscriptions.id, head.id));
  const [held] = await orm(tx)
    .select({
      since: subscriptions.pastDueSince,
      suspendedAt: subscriptions.suspendedAt,
      pausedAt: subscriptions.pausedAt,
      epoch: subscriptions.epoch,
    })
    .from(subscriptions)
    .where(where);
  const { since, suspendedAt, pausedAt, epoch } = held!;
  const columns = columnsOf(found, { since, at });
  await orm(tx)
    .update(subscriptions)
    .set({
      ...columns,
      pausedAt: found.status === 'paused' ? (pausedAt ?? at) : null,
      suspendedAt: found.isSuspended ? (suspendedAt ?? at) : null,
      usageResetAt: moves.period ? found.periodStart : laterOf(head.usageResetAt, head.periodStart),
      fromAt,
      epoch: moves.period || moves.plan || moves.status ? epoch + 1 : epoch,
      changeId: change.id,
    })
    .where(where);
}

async function moveUsage(
  tx: Db,
  change: Change,
  { head, found, moves, fromAt }: Omit<Write, 'at'>,
): Promise<void> {
  const { customer, id } = head;
  if (moves.period) {
    await writeReset(tx, change, {
      customer,
      id,
      at: found.periodStart,
      cause: moves.plan ? 'upgrade' : 'renewal',
    });
    await call(tx, 'subctl_internal.flush_windows', { customer, cut: found.periodStart });
  } else if (moves.end) {
    await call(tx, 'subctl_internal.move_period_end', {
      p_customer: customer,
      p_subscription: id,
      p_was: head.periodEnd,
      p_ends: found.periodEnd,
    });
  } else if (moves.plan) {
    await call(tx, 'subctl_internal.flush_windows', { customer, cut: fromAt });
  }
}
