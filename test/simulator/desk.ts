import { anchoredPeriod } from '../database/window-oracle.ts';
import { type Life } from './life.ts';
import { type Runs } from './runs.ts';
import { addDays, open } from './timeline.ts';
import { type Plan, stepOf } from './world.ts';

/** What an operator does to a subscription. */
export type Order =
  | {
      do: 'assign';
      plan: string;
      when?: 'now' | 'period-end' | number | undefined;
      keep?: boolean | undefined;
      proration?: 'none' | undefined;
      /** with a code that gives the first period away */
      code?: boolean | undefined;
    }
  | { do: 'cancel'; now: boolean }
  | { do: 'reactivate' }
  | { do: 'pause'; clock: 'stops' | 'runs'; until: number | null }
  | { do: 'resume' }
  | { do: 'extend'; days: number }
  | { do: 'pay' }
  | { do: 'void' }
  | { do: 'refund'; amount: string };

/** Does to the model what the rule book says of an order at `at`; false where it is to be refused, null where nothing is to be done. */
export function obey(life: Life, order: Order, at: number): boolean | null {
  switch (order.do) {
    case 'assign':
      return assign(life, order, at);
    case 'cancel':
      return cancel(life, order.now, at);
    case 'reactivate':
      if (!life.head?.cancels) return null;
      life.head.cancels = false;
      return true;
    case 'pause':
      return pause(life, order, at);
    case 'resume':
      if (!life.head?.pause) return false;
      life.resume(at);
      life.advance(at);
      return true;
    case 'pay':
      if (!life.pay(at)) return false;
      life.advance(at);
      return true;
    case 'void': // what is taken back is owed no more than what is paid
      if (!life.pay(at)) return false;
      life.advance(at);
      return true;
    case 'refund': // money that goes back changes no period, no credit and no count
      return null;
    case 'extend':
      return extend(life, order.days, at);
  }
}

function assign(
  life: Life,
  { plan: id, when, keep = false, code = false }: Order & { do: 'assign' },
  at: number,
): boolean {
  const plan = life.planOf(id)!;
  const { head } = life;
  if (plan.seats !== null && life.members.seats() > plan.seats) return false;
  if (!head) {
    if (typeof when === 'number') return false;
    life.begin(plan, at, { trialDays: life.hadTrial ? 0 : plan.trialDays, code });
    life.advance(at);
    return true;
  }
  if (head.pause) return false;
  if (head.plan === plan) {
    life.uncut(at);
    head.pending = null;
    head.cancels = false;
    return true;
  }
  if (head.status === 'past_due' && plan.price !== null) return false;
  const up = plan.rank >= head.plan.rank;
  const begins = when ?? (up ? 'now' : 'period-end');
  if (begins !== 'now') {
    if (keep) return false;
    if (typeof begins === 'number' && head.status === 'trialing' && begins < head.end) return false;
    life.uncut(at);
    Object.assign(head, { pending: plan, autoRenew: true, cancels: false });
    if (typeof begins === 'number') waitFor(life, begins, at);
    return true;
  }
  life.uncut(at);
  const isFresh = up && !life.resets.some(({ ranUntil }) => ranUntil > at);
  const again = isFresh && plan.price === null ? life.runs.find(plan, at) : undefined;
  change(life, plan, { resets: isFresh && !again && !keep && !plan.carries, again, at });
  life.advance(at);
  return true;
}

/** The plan that waits is taken at an instant, where the period that runs then ends. */
function waitFor(life: Life, instant: number, at: number): void {
  const head = life.head!;
  const was = head.end;
  head.pendingAt = instant;
  life.cut();
  if (head.end === was) return;
  life.credits.moveEnd(was, head.end);
  life.write(at);
}

/**
 * Another plan now: a full period and usage anew, or the period goes on and what was used of the credits stays used (R30, R32). A free plan
 * that the customer had before goes on with its own period.
 */
function change(
  life: Life,
  plan: Plan,
  { resets, again, at }: { resets: boolean; again: ReturnType<Runs['find']>; at: number },
): void {
  const head = life.head!;
  const { purse } = life;
  const trying = head.status === 'trialing';
  const was = head.end;
  const sameEvery = head.every === plan.every;
  life.runs.remember(head, at);
  if (resets) life.resets.push({ at, ranUntil: head.end });
  if (again) Object.assign(head, again);
  else if (resets) Object.assign(head, { anchor: at, zone: life.zone, start: at, usageFrom: at });
  else if (!sameEvery) head.anchor = head.start;
  if (!again && (resets || !sameEvery || trying)) {
    const period = anchoredPeriod(head.anchor, stepOf(plan.every), at, head.zone);
    head.start = Math.max(period.start, head.anchor);
    head.end = period.end;
  }
  Object.assign(head, {
    plan,
    every: plan.every,
    status: 'active',
    autoRenew: plan.autoRenew,
    cancels: false,
    pending: null,
    billed: plan.price !== null,
    ...{ grace: Infinity, missed: 0 },
  });
  if (head.billed && head.start === at) life.bill(at); // without proration a period that goes on is not asked for
  life.write(at);
  if (!resets && head.end !== was) purse.moveEnd(was, head.end);
  purse.endPlan(null, at);
  life.credits.stop();
  life.advance(at);
  life.credits.begin(at, { carries: true });
  life.advance(at);
  if (resets) return;
  const since = Math.max(life.timeline.periodAt(at).usageFrom, head.start, life.credits.cycleAt(at).start);
  const grant = purse.live().find((g) => g.source === 'plan' && g.plan === plan.id && g.grantedAt === at);
  const used = purse.usedOfPlan(since);
  if (grant && used.gt(0))
    grant.remaining = used.gt(grant.remaining)
      ? grant.remaining.minus(grant.remaining)
      : grant.remaining.minus(used);
}

function cancel(life: Life, now: boolean, at: number): boolean {
  const { head } = life;
  if (!head) return false;
  const isOver = head.missed > 0 || (head.end <= at && head.pause?.clock !== 'stops'); // nothing ends in the past
  if (now || isOver) {
    life.end(at, 'canceled');
    life.advance(at);
    return true;
  }
  if (head.pause?.clock === 'stops' && head.pause.until === null) return false;
  life.uncut(at);
  head.cancels = true;
  head.pending = null;
  return true;
}

function pause(life: Life, { clock, until }: Order & { do: 'pause' }, at: number): boolean {
  const { head } = life;
  if (!head || head.pause || head.pendingAt !== null || head.status === 'past_due') return false;
  head.pause = { at, clock, until, trying: head.status === 'trialing' };
  head.status = 'paused';
  const was = head.end;
  if (clock === 'stops' && until !== null) head.end += until - at;
  life.write(at);
  if (clock === 'stops') {
    life.stood.push({ from: at, until: until ?? open });
    life.purse.moveEnd(was, until === null ? open : head.end);
    life.credits.moveCycles();
  }
  life.credits.stop();
  return true;
}

function extend(life: Life, days: number, at: number): boolean {
  const { head } = life;
  if (!head || head.pause || head.pendingAt !== null || head.status === 'past_due') return false;
  const was = head.end;
  head.end = addDays(head.end, days, head.zone);
  life.write(at);
  life.credits.moveEnd(was, head.end);
  return true;
}
