import Big from 'big.js';
import { anchoredPeriod, type Bounds } from '../database/window-oracle.ts';
import { Purse } from './purse.ts';
import { addDays, type Head, open, startOfDay, type Stretch, Timeline } from './timeline.ts';
import { type Plan, stepOf, type World } from './world.ts';

/**
 * The life of one customer worked out by dates alone: it goes from one boundary to the next, in the order of time, and does there what the
 * rule book says. No task is known to it.
 */
export class Life {
  readonly purse = new Purse();
  readonly timeline = new Timeline();
  head: Head | null = null;
  hadTrial = false;
  /** upgrades that counted usage anew, with the end of the period that ran then (R32) */
  readonly resets: { at: number; ranUntil: number }[] = [];
  private nextGrant = Infinity;
  private readonly world: World;
  readonly zone: string;

  constructor(world: World, zone: string, createdAt: number) {
    this.world = world;
    this.zone = zone;
    const plan = this.planOf(world.defaultPlan);
    const anchor = startOfDay('2000-01-01', zone);
    const about = { anchor, every: '1mo', zone, period: null, usageFrom: -Infinity };
    this.timeline.stretches.push({
      ...about,
      from: -Infinity,
      plan,
      status: 'none',
      access: plan !== null,
      reason: plan ? null : 'no_subscription',
    });
    if (plan?.credits) this.nextGrant = createdAt;
  }

  planOf(id: string | null): Plan | null {
    return this.world.plans.find((plan) => plan.id === id) ?? null;
  }

  now(): Stretch {
    return this.timeline.stretches.at(-1)!;
  }

  /** Goes on to an instant, through every boundary up to and with it (R1, R16). */
  advance(to: number): void {
    for (;;) {
      const boundary = this.nextBoundary();
      const next = Math.min(boundary, this.purse.nextExpiry(), this.nextGrant);
      if (next > to) return;
      const before = this.now();
      const expired = this.purse.expire(next);
      if (boundary === next) this.pass(next);
      expired.push(...this.purse.expire(next));
      const stretch = this.now();
      const goesOn =
        before.plan === stretch.plan && stretch.access && before.status !== 'trialing' && before.access;
      for (const { grant, left } of expired) if (goesOn && !grant.cut) this.rollOver(grant, left, next);
      if (this.nextGrant <= next) this.grantPlan(next);
    }
  }

  /** Begins a run on a plan: a first one, a fallback, or after an end. */
  begin(plan: Plan, at: number, { trialDays = 0, autoRenew = plan.autoRenew } = {}): void {
    const trialEnd = trialDays > 0 ? addDays(at, trialDays, this.zone) : null;
    const end = trialEnd ?? anchoredPeriod(at, stepOf(plan.every), at, this.zone).end;
    this.hadTrial ||= trialEnd !== null;
    const status = trialEnd === null ? 'active' : 'trialing';
    const clear = { cancels: false, pending: null, pause: null };
    this.resets.length = 0; // they are the subscription's
    const about = { anchor: at, zone: this.zone, start: at, end, usageFrom: at };
    this.head = { plan, every: plan.every, status, ...about, autoRenew, ...clear };
    this.purse.endPlan(null, at);
    this.write(at);
    this.beginCredits(at);
  }

  end(at: number, status: 'canceled' | 'expired'): void {
    const { plan } = this.head!;
    const last = this.now();
    this.purse.endPlan(plan.id, at);
    this.head = null;
    const fallback = this.planOf(plan.fallback);
    if (fallback) return this.begin(fallback, at, { autoRenew: true });
    this.nextGrant = Infinity;
    this.timeline.stretches.push({
      ...last,
      from: at,
      status,
      access: false,
      reason: 'no_subscription',
      period: null,
      usageFrom: at,
    });
  }

  /** Puts the head's present state into the history. */
  write(from: number): void {
    const { plan, every, status, anchor, zone, start, end, usageFrom, pause } = this.head!;
    const stands = pause?.clock === 'stops' && pause.until === null;
    const access = status !== 'paused';
    const period = { start, end: stands ? open : end };
    this.timeline.stretches.push({
      from,
      plan,
      status,
      access,
      reason: access ? null : 'paused',
      anchor,
      every,
      zone,
      period,
      usageFrom,
    });
  }

  /** Credits of a run that begins: the first grant is due now, and none while there is no access. */
  beginCredits(at: number): void {
    this.nextGrant = this.head!.plan.credits ? at : Infinity;
  }

  /** Credits after a change that is no new run: what lives goes on, what is missing comes now. */
  resumeCredits(at: number): void {
    const { plan } = this.head!;
    if (!plan.credits) return;
    const alive = this.purse
      .live()
      .find((g) => (g.source === 'plan' || g.source === 'reset') && g.plan === plan.id && g.expiresAt > at);
    if (!alive) this.nextGrant = at;
    else if (plan.creditsEvery)
      this.nextGrant = Math.max(this.cycleAt(Math.min(at, alive.grantedAt)).end, alive.expiresAt);
  }

  /** Ends that fall together with the period's move with it. */
  moveEnd(from: number, to: number): void {
    this.purse.moveEnd(from, to);
    if (this.nextGrant === from) this.nextGrant = to;
  }

  stopCredits(): void {
    this.nextGrant = Infinity;
  }

  /** When the credits that are given now end unless said: with the period, or the cycle. */
  usualExpiry(at: number): number {
    const { plan, access } = this.now();
    if (!access) return Infinity;
    const { end } = this.timeline.periodAt(at);
    return plan!.creditsEvery && this.head ? this.cycleAt(at).end : end;
  }

  cycleAt(at: number): Bounds {
    const { anchor, zone, plan, every } = this.head!;
    return anchoredPeriod(anchor, stepOf(plan.creditsEvery ?? every), at, zone);
  }

  private nextBoundary(): number {
    if (!this.head) return Infinity;
    const { pause, cancels, autoRenew, end } = this.head;
    if (!pause) return end;
    const until = pause.until ?? Infinity;
    if (pause.clock === 'runs' && (cancels || !autoRenew) && end <= until) return end;
    return until;
  }

  private pass(at: number): void {
    const head = this.head!;
    if (head.pause && !(head.pause.clock === 'runs' && (head.cancels || !head.autoRenew) && head.end === at))
      return this.resume(at);
    if (head.cancels) return this.end(at, 'canceled');
    if (!head.autoRenew) return this.end(at, 'expired');
    const moves =
      head.status === 'trialing' ||
      head.pending !== null ||
      anchoredPeriod(head.anchor, stepOf(head.every), head.end, head.zone).start !== head.end;
    const { plan } = head;
    if (head.pending) Object.assign(head, { plan: head.pending, every: head.pending.every });
    if (moves) head.anchor = at;
    const isNewRun = head.status === 'trialing' || head.pending !== null;
    if (isNewRun) this.purse.endPlan(null, at);
    else if (moves && plan.creditsEvery) this.purse.endCycles(at);
    Object.assign(head, { status: 'active', pending: null, start: at, usageFrom: at });
    head.end = anchoredPeriod(head.anchor, stepOf(head.every), at, head.zone).end;
    this.write(at);
    if (moves || !head.plan.creditsEvery) this.beginCredits(at);
  }

  resume(at: number): void {
    const head = this.head!;
    const { clock, until, at: paused, trying } = head.pause!;
    const was = head.end;
    if (clock === 'runs') head.end = Math.max(head.end, at);
    else head.end += at - (until ?? paused);
    if (clock === 'stops') this.purse.moveEnd(until === null ? open : was, head.end);
    head.status = trying ? 'trialing' : 'active';
    head.pause = null;
    this.write(at);
    if (head.end > at) this.resumeCredits(at);
  }

  private rollOver({ source, plan }: { source: string; plan: string | null }, left: Big, at: number): void {
    const now = this.now();
    if (
      !['plan', 'reset'].includes(source) ||
      plan !== now.plan!.id ||
      now.plan!.rollover === null ||
      left.lte(0)
    )
      return;
    const most = new Big(now.plan!.rollover);
    this.purse.give({
      source: 'rollover',
      plan,
      priority: 15,
      grantedAt: at,
      expiresAt: this.grantEnd(at),
      amount: left.lt(most) ? left : most,
    });
  }

  private grantPlan(at: number): void {
    const { plan } = this.now();
    const expiresAt = this.grantEnd(at);
    this.purse.give({
      source: 'plan',
      plan: plan!.id,
      priority: 20,
      grantedAt: at,
      expiresAt,
      amount: plan!.credits!,
    });
    this.nextGrant = expiresAt;
    if (this.head && !plan!.creditsEvery) this.nextGrant = Infinity; // the next comes with the next period
  }

  private grantEnd(at: number): number {
    const { head } = this;
    if (!head || !head.plan.creditsEvery) return this.timeline.periodAt(at).end;
    const { end } = this.cycleAt(at);
    // a trial and a period whose end has moved bound the cycle: cycles are counted anew from there
    const goesOn = anchoredPeriod(head.anchor, stepOf(head.every), head.end, head.zone).start === head.end;
    return goesOn && head.status !== 'trialing' ? end : Math.min(end, head.end);
  }
}
