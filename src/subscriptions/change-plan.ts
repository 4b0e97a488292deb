import { type RowOf, call, callRows } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { usageResets } from '../database/schema/subscriptions.ts';
import { Failure } from '../domain/failure.ts';
import type { IssuedInvoice } from '../invoices/issue.ts';
import { billChange } from './bill-change.ts';
import { catchUp } from './catch-up.ts';
import { undoCut } from './edit-live-subscription.ts';
import { type LiveSubscription, auditOf, findLiveSubscription } from './live-subscription.ts';
import { type Proration, findUnused } from './prorate.ts';
import { endPlanCredits } from './start.ts';
import { type Terms, isBilled } from './terms.ts';
import { writePhase } from './write-phase.ts';

export interface PlanChange {
  head: LiveSubscription;
  terms: Terms;
  /** another version of the same plan is neither an upgrade nor a downgrade */
  direction: 'upgrade' | 'downgrade' | 'migrate';
  /** what an upgrade does with the period: start a full one, the default, or continue it */
  anchor?: 'keep' | 'reset' | undefined;
  proration?: Proration | undefined;
  autoRenew: boolean;
  endsAt?: Date | undefined;
  note?: string | undefined;
}

/**
 * Changes the terms of a live subscription at the change's instant; it stays the same row. An upgrade starts a full period now, and paid
 * usage counts from now (R30), unless the plan carries usage over or an upgrade reset it already in the period that ran then (R32).
 * Otherwise, on every downgrade, and with `anchor: keep`, the current period continues, and neither usage nor credits are reset. The
 * charge is the rest of the new period's price less the unused part of the old one's. A free plan that the customer had before continues
 * its own period where that is not over. The old plan's credits end and the new one's begin. With collection by invoice the change is
 * final once the invoice is issued: an unpaid one makes the subscription past due (R33, R35). The caller has locked and settled the
 * customer.
 * @throws Failure refused for `anchor: reset` where usage must not be reset
 */
export async function changePlanNow(
  tx: Db,
  change: Change,
  given: PlanChange,
): Promise<IssuedInvoice | undefined> {
  const asked = { ...given, head: await takePeriod(tx, change, given.head) };
  const { head, terms, direction } = asked;
  const taken = await findTaken(tx, change, asked);
  const resets = !taken && (await mayReset(tx, change, asked));
  const by = asked.proration ?? 'days';
  const unused = by === 'none' ? undefined : await findUnused(tx, head, { at: change.at, by });
  const snapshot = await takeSnapshot(tx, head, change.at);
  await writeSubscription(tx, change, { ...asked, resets, taken });
  await writePhase(tx, change, { before: head, cause: direction, snapshot });
  if (resets) await resetUsage(tx, change, head);
  else if (taken) await takeWindows(tx, change, head);
  else await moveWindows(tx, change, head);
  await endPlanCredits(tx, [head.customer], change.at);
  await call(tx, 'subctl_internal.post_due_credits', {
    p_customers: [head.customer],
    p_as_of: change.at,
    p_change: change.id,
  });
  if (!resets)
    await call(tx, 'subctl_internal.carry_over_credits', {
      customer: head.customer,
      at: change.at,
      change: change.id,
    });
  const after = (await findLiveSubscription(tx, head.customer))!;
  const before = auditOf(head);
  await audit(tx, change, [
    { customer: head.customer, entity: 'subscription', key: head.id, before, after: auditOf(after) },
  ]);
  return billChange(tx, change, { before: head, after, terms, by, unused });
}

/** The subscription with its current period, and without a pending change. */
async function takePeriod(tx: Db, change: Change, head: LiveSubscription): Promise<LiveSubscription> {
  if (head.pendingAt) return takePeriod(tx, change, await undoCut(tx, head));
  return catchUp(tx, change, head);
}

interface Taken {
  anchor: Date;
  zone: string;
  periodStart: Date;
  periodEnd: Date;
  usageFrom: Date;
}

/** The period that a free plan continues, where the customer had it before and that period is not over (R32). */
async function findTaken(
  tx: Db,
  change: Change,
  { head, terms, direction, anchor }: PlanChange,
): Promise<Taken | undefined> {
  if (direction !== 'upgrade' || isBilled(terms.collection) || (await findReset(tx, head, change.at)))
    return undefined;
  const [taken] = await callRows(tx, 'subctl_internal.period_before', {
    p_customer: head.customer,
    p_plan: terms.plan,
    p_every: terms.every,
    p_at: change.at,
  });
  if (taken && anchor === 'reset') {
    throw new Failure(
      'refused',
      `${head.customer} had ${terms.plan} before, in a period that ends at ${taken.ends!.toISOString()} (R32)`,
      { hint: 'Omit --anchor: that period continues' },
    );
  }
  return taken && takenOf(taken);
}

function takenOf(row: RowOf<'subctl_internal.period_before'>): Taken {
  return {
    anchor: row.anchor!,
    zone: row.anchor_timezone!,
    periodStart: row.starts!,
    periodEnd: row.ends!,
    usageFrom: row.usage_from!,
  };
}

/** Whether the change starts a full period and resets paid usage. */
async function mayReset(
  tx: Db,
  change: Change,
  { head, terms, direction, anchor }: PlanChange,
): Promise<boolean> {
  if (direction === 'upgrade' && anchor !== 'keep' && terms.usageOnChange === 'reset') {
    const since = await findReset(tx, head, change.at);
    if (!since) return true;
    if (anchor === 'reset') {
      throw new Failure(
        'refused',
        `An upgrade at ${since.toISOString()} reset the usage of ${head.customer}, and the period of that time is not over (R32)`,
        { hint: 'Omit --anchor: the period continues' },
      );
    }
  } else if (anchor === 'reset') {
    const why = direction === 'downgrade' ? 'this is a downgrade' : `usage carries over to ${terms.plan}`;
    throw new Failure('refused', `Only an upgrade starts a full period, and ${why}`, {
      hint: 'Omit --anchor: the period continues',
    });
  }
  return false;
}

/** The upgrade that reset usage in a period that, as it ran then, is not over (R32). */
async function findReset(tx: Db, head: LiveSubscription, at: Date): Promise<Date | undefined> {
  const [row] = await tx<{ at: Date }[]>`
    select r.at from subctl.usage_resets r
        join subctl.subscription_phases g on g.customer_id = r.customer_id and g.subscription_id = r.subscription_id and g.from_at = r.at
       where r.customer_id = ${head.customer} and r.subscription_id = ${head.id} and r.cause = 'upgrade'
         and (g.snapshot->>'period_end')::timestamptz > ${at}
       order by r.at desc limit 1`;
  return row?.at;
}

/** The previous terms of the subscription and its usage, for its history. */
async function takeSnapshot(tx: Db, head: LiveSubscription, at: Date): Promise<Record<string, unknown>> {
  const usage = await tx`
    select w.meter_id as meter, w."window", w.scope, nullif(w.subject, '') as subject, trim_scale(w.used + w.adjusted)::text as used
      from subctl.window_usage w
     where w.customer_id = ${head.customer} and w.window_start <= ${at} and w.window_end > ${at} and w.closed_at is null and w.used > 0
     order by 1, 2, 3, 4`;
  return { ...auditOf(head), usage };
}

type PeriodChange = PlanChange & { resets: boolean; taken: Taken | undefined };

/**
 * The period from `at` on, as SQL over the subscription `s`: a full one that begins now, an earlier one that continues (R32), or the
 * present one. `goesOn`: start and end stay. `usageFrom`: since when usage counts; null for no change.
 */
function nextPeriod(tx: Db, at: Date, { head, terms, resets, taken }: PeriodChange) {
  if (taken) {
    const zone = tx`coalesce(${taken.zone}::text, s.anchor_timezone)`;
    const period = tx`tstzrange(${taken.periodStart}, ${taken.periodEnd})`;
    return { anchor: taken.anchor, zone, goesOn: false, period, usageFrom: taken.usageFrom };
  }
  const isSameRhythm = head.every === terms.every;
  const kept = isSameRhythm ? head.anchor : head.periodStart;
  const anchor = resets ? at : kept;
  const zone = resets ? tx`subctl_internal.zone_of(s.customer_id, ${at})` : tx`s.anchor_timezone`;
  return {
    anchor,
    zone,
    goesOn: !resets && isSameRhythm && head.status !== 'trialing',
    period: tx`subctl_internal.period_at(${anchor}, ${terms.every}, ${at}, ${zone})`,
    usageFrom: resets ? at : null,
  };
}

async function writeSubscription(tx: Db, change: Change, asked: PeriodChange): Promise<void> {
  const { head, terms, taken, endsAt = null, note = null } = asked;
  const { anchor, zone, goesOn, period, usageFrom } = nextPeriod(tx, change.at, asked);
  await tx`
    update subctl.subscriptions s
       set status = 'active', plan_id = ${terms.plan}, version = ${terms.version}, every = ${terms.every}, price = ${terms.price},
           quantity = ${terms.seats}, pending_quantity = null,
           currency = ${terms.currency}, collection = ${terms.collection}, anchor = ${anchor}, anchor_timezone = ${zone}, from_at = ${change.at},
           current_period_start = case when ${goesOn} then s.current_period_start else greatest(lower(n.period), ${taken ? null : anchor}) end,
           current_period_end = least(case when ${goesOn} then s.current_period_end else upper(n.period) end, ${endsAt}),
           ends_at = ${endsAt},
           trial_end = case when s.trial_end > ${change.at} then ${change.at} else s.trial_end end, 
           auto_renew = ${asked.autoRenew} or coalesce(${endsAt}::timestamptz > case when ${goesOn} then s.current_period_end else upper(n.period) end, false),
           cancel_at_period_end = false, canceled_at = null,
           past_due_since = null, grace_until = null, pending_plan_id = null, pending_version = null, pending_every = null,
           pending_price = null, pending_collection = null, pending_currency = null, usage_reset_at = coalesce(${usageFrom}::timestamptz, s.usage_reset_at), epoch = s.epoch + 1,
           assigned_by = ${change.actor}, note = coalesce(${note}, s.note), change_id = ${change.id}
      from (select ${period} as period
              from subctl.subscriptions s where s.customer_id = ${head.customer} and s.id = ${head.id}) n
     where s.customer_id = ${head.customer} and s.id = ${head.id}`;
}

/** The period continues, possibly with another interval or end: windows that follow it move with it, and nothing is reset. */
async function moveWindows(tx: Db, change: Change, head: LiveSubscription): Promise<void> {
  const { customer, id, anchor, periodStart, periodEnd } = head;
  await tx`
    select subctl_internal.cut_windows(s.customer_id, s.id, ${change.at}) from subctl.subscriptions s
     where s.customer_id = ${customer} and s.id = ${id} and (s.anchor, s.current_period_start) <> (${anchor}, ${periodStart})`;
  await tx`
    select subctl_internal.move_period_end(s.customer_id, s.id, ${periodEnd}, s.current_period_end) from subctl.subscriptions s
     where s.customer_id = ${customer} and s.id = ${id} and s.current_period_end <> ${periodEnd}`;
}

/** The windows of the plan's own period continue; those of the plan in between are included in them. */
async function takeWindows(tx: Db, change: Change, { customer }: LiveSubscription): Promise<void> {
  await call(tx, 'subctl_internal.flush_windows', { customer, cut: change.at });
  await call(tx, 'subctl_internal.reopen_windows', { customers: [customer] });
}

async function resetUsage(tx: Db, change: Change, { customer, id }: LiveSubscription): Promise<void> {
  const { at, reason, id: changeId } = change;
  const row = { subscriptionId: id, cause: 'upgrade', changeId };
  await orm(tx)
    .insert(usageResets)
    .values({ customerId: customer, at, reason, writtenAt: at, ...row })
    .onConflictDoUpdate({ target: [usageResets.customerId, usageResets.at], set: row });
  await call(tx, 'subctl_internal.flush_windows', { customer, cut: change.at });
}
