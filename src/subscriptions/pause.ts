import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type LiveSubscription, auditOf, findLiveSubscription } from './live-subscription.ts';
import { refusePendingChange } from './refuse-pending-change.ts';
import { lockLiveSubscription } from './lock-live-subscription.ts';
import { writePhase } from './write-phase.ts';

export interface Pause {
  customer: string;
  /** whether the paid time stops or runs */
  clock: 'stops' | 'runs';
  /** when it resumes automatically */
  until?: Date | undefined;
}

/** The result of a pause, as `--json` shows it. */
export interface Paused extends Record<string, unknown> {
  customer: string;
  plan: string;
  status: 'paused';
  clock: 'stops' | 'runs';
  paused_at: Date;
  resumes_at: Date | null;
  /** null: unknown while the clock is stopped */
  period_end: Date | null;
  sentence: string;
}

/**
 * Pauses a subscription at the change's instant: no access and no renewal until it resumes. With a stopped clock, the period's end, the
 * credits and windows that end with it, and coming periods move by the length of the pause. With a running clock the period ends as
 * planned, and the next one begins on resuming.
 * @throws Failure not_found, refused for one that is paused already or past due, usage for an end in the past
 */
export async function pauseSubscription(
  tx: Db,
  change: Change,
  { customer, clock, until }: Pause,
): Promise<Paused> {
  const head = await lockLiveSubscription(tx, change, customer);
  checkPause(head, change.at, until);
  const stops = clock === 'stops';
  const moves = stops && until !== undefined;
  const end = until ?? null;
  await tx`
    update subctl.subscriptions s
       set status = 'paused', paused_at = ${change.at}, resumes_at = ${end}, pause_clock = ${clock}, from_at = ${change.at},
           current_period_end = case when ${moves} then subctl_internal.shift_instant(s.current_period_end, ${change.at}, ${end}) else s.current_period_end end,
           trial_end = case when ${moves} and s.status = 'trialing' then subctl_internal.shift_instant(s.trial_end, ${change.at}, ${end}) else s.trial_end end,
           ends_at = case when ${moves} then subctl_internal.shift_instant(s.ends_at, ${change.at}, ${end}) else s.ends_at end, epoch = s.epoch + 1, change_id = ${change.id}
     where s.customer_id = ${customer} and s.id = ${head.id}`;
  await writePhase(tx, change, {
    before: head,
    cause: 'pause',
    clockStops: stops && !until,
    pauseClock: clock,
  });
  const after = (await findLiveSubscription(tx, customer))!;
  if (stops) {
    const later = until ? after.periodEnd : 'infinity';
    await call(tx, 'subctl_internal.move_period_end', {
      p_customer: customer,
      p_subscription: head.id,
      p_was: head.periodEnd,
      p_ends: later,
    });
  }
  const [was, is] = [head, after].map((each) => ({ ...auditOf(each), ...pauseOf(each) }));
  await audit(tx, change, [{ customer, entity: 'subscription', key: head.id, before: was!, after: is! }]);
  return describe(after, { customer, clock, until });
}

const pauseOf = ({ pauseClock, resumesAt }: LiveSubscription) => ({
  pause_clock: pauseClock,
  resumes_at: resumesAt,
});

function checkPause(head: LiveSubscription, now: Date, until: Date | undefined): void {
  const { customer, plan } = head;
  if (head.status === 'paused') {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} is paused already`, {
      hint: `To pause it in another way, first: subctl subscriptions resume ${customer}`,
    });
  }
  if (head.status === 'past_due') {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} is past due`, {
      hint: `Settle the open invoices first; see subctl subscriptions history ${customer}`,
    });
  }
  refusePendingChange(head);
  if (until && until <= now) {
    throw new Failure('usage', `The pause would end at ${until.toISOString()}, which is in the past`, {
      hint: 'Give a later --until',
    });
  }
}

function describe(head: LiveSubscription, { customer, clock, until }: Pause): Paused {
  const resumes = until
    ? `It resumes automatically at ${until.toISOString()}`
    : `Resume it: subctl subscriptions resume ${customer}`;
  const stopped = until
    ? `The clock stops: its period ends at ${head.periodEnd.toISOString()} instead`
    : 'The clock stops: the end of its period moves by the length of the pause';
  const time =
    clock === 'runs' ? `The clock runs: its period still ends at ${head.periodEnd.toISOString()}` : stopped;
  return {
    customer,
    plan: head.plan,
    status: 'paused',
    clock,
    paused_at: head.fromAt,
    resumes_at: until ?? null,
    period_end: clock === 'stops' && !until ? null : head.periodEnd,
    subscription: head.id,
    sentence: `${customer} has no access to ${head.plan} now. ${time}. ${resumes}`,
  };
}
