import { anchoredPeriod } from '../database/window-oracle.ts';
import { Allowance } from './allowance.ts';
import type { Bills, Issued } from './bills.ts';
import { Members } from './members.ts';
import { Purse } from './purse.ts';
import type { Stood } from './rhythm.ts';
import { Runs } from './runs.ts';
import { addDays, type Head, nothingWaits, open, startOfDay, type Stretch, Timeline } from './timeline.ts';
import { isSameStep, type Plan, stepOf, type World } from './world.ts';
import { Zones } from './zones.ts';

/**
 * The life of one customer worked out by dates alone: it goes from one boundary to the next, in the order of time, and does there what the
 * rule book says. No task is known to it.
 */
export class Life {
  readonly purse = new Purse();
  readonly credits = new Allowance(this);
  readonly members = new Members();
  readonly runs = new Runs();
  readonly zones: Zones;
  readonly timeline: Timeline;
  head: Head | null = null;
  hadTrial = false;
  readonly resets: { at: number; ranUntil: number }[] = [];
  readonly stood: Stood[] = []; // pauses whose clock stood still
  private readonly world: World;
  private readonly over: Bills[] = []; // of the subscriptions that have ended

  constructor(world: World, zone: string, createdAt: number) {
    this.world = world;
    this.zones = new Zones(zone);
    this.timeline = new Timeline(this.zones);
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
    if (plan?.credits) this.credits.next = this.timeline.periodAt(createdAt).start;
  }

  get zone(): string {
    return this.zones.now();
  }

  /** Another zone from now on: what ends with the period of those who never had a subscription ends with it still, be it now. */
  moveTo(zone: string, at: number): void {
    const stands = this.now().status === 'none';
    const { start, end } = this.timeline.periodAt(at);
    this.zones.move(zone, at);
    if (stands) this.credits.moveEnd(end, this.timeline.periodAt(start).end);
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
      const next = Math.min(boundary, this.purse.nextExpiry(), this.credits.next);
      if (next > to) return;
      const before = this.now();
      const expired = this.purse.expire(next);
      if (boundary === next) this.pass(next);
      expired.push(...this.purse.expire(next));
      const stretch = this.now();
      const isTried = before.status === 'trialing' && stretch.status !== 'trialing';
      const goesOn = before.plan === stretch.plan && stretch.access && before.access && !isTried;
      for (const { grant, left } of expired)
        if (goesOn && !grant.cut) this.credits.rollOver(grant, left, next);
      if (this.credits.next <= next) this.credits.grantPlan(next);
    }
  }

  /** Begins a run on a plan: a first one, a fallback, or after an end. */
  begin(
    plan: Plan,
    at: number,
    { trialDays = 0, autoRenew = plan.autoRenew, free = false, code = false } = {},
  ): void {
    const billed = plan.price !== null && !free;
    const again = billed ? undefined : this.runs.find(plan, at);
    const trialEnd = trialDays > 0 && !again ? addDays(at, trialDays, this.zone) : null;
    const end = trialEnd ?? anchoredPeriod(at, stepOf(plan.every), at, this.zone).end;
    this.hadTrial ||= trialEnd !== null;
    const status = trialEnd === null ? 'active' : 'trialing';
    this.resets.length = 0; // they are the subscription's
    const about = again ?? { anchor: at, zone: this.zone, start: at, end, usageFrom: at };
    this.head = { plan, every: plan.every, status, ...about, autoRenew, billed, ...nothingWaits() };
    this.head.bills.isFirstFree = code;
    if (billed && trialEnd === null) this.bill(at);
    this.purse.endPlan(null, at);
    this.write(at);
    this.credits.begin(at);
  }

  end(at: number, status: 'canceled' | 'expired'): void {
    const { plan, bills } = this.head!;
    const last = this.now();
    this.runs.remember(this.head!, at);
    this.over.push(bills);
    this.purse.endPlan(plan.id, at);
    this.head = null;
    const fallback = this.planOf(plan.fallback);
    if (fallback) return this.begin(fallback, at, { autoRenew: true, free: true });
    this.credits.next = Infinity;
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

  write(from: number): void {
    const { plan, every, status, anchor, zone, start, end, usageFrom, pause } = this.head!;
    const stands = pause?.clock === 'stops' && pause.until === null;
    const access = status !== 'paused';
    const period = { start, end: stands ? open : end };
    const reason = access ? null : 'paused';
    const counted = { anchor, every, zone, period, usageFrom };
    this.timeline.stretches.push({ from, plan, status, access, reason, ...counted });
  }

  /** The money of a period that begins is to be asked for. */
  bill(start: number): void {
    this.head!.bills.begin(start, this.head!.plan.netDays);
  }

  /** An invoice was issued at `at`, as of a period of one that has ended since; false for one that nothing is to be asked with. */
  hear(invoice: Issued, at: number): boolean {
    const heard = [this.head?.bills, ...this.over].some((bills) => bills?.hear(invoice));
    if (heard) this.advance(at);
    return heard;
  }

  /** Money came for the invoice that was due first; false where nothing is owed. */
  pay(at: number): boolean {
    const { head } = this;
    if (!head?.bills.pay()) return false;
    if (head.status !== 'past_due' || head.bills.due() <= at) return true;
    Object.assign(head, { status: 'active', grace: Infinity });
    if (head.missed > 0) this.bill(head.start); // of what it missed the period that runs is asked for
    head.missed = 0;
    this.write(at);
    return true;
  }

  private nextBoundary(): number {
    if (!this.head) return Infinity;
    const { pause, end, status, grace } = this.head;
    if (status === 'past_due') return Math.min(end, grace);
    if (!pause) return this.fallsDue() ?? end;
    const until = pause.until ?? Infinity;
    if (pause.clock === 'runs' && this.isLast() && end <= until) return end;
    return until;
  }

  /** When it becomes past due, where that comes before its period's end (R35); what is owed from before a change is so at the change. */
  private fallsDue(): number | null {
    const { billed, bills, end } = this.head!;
    const due = billed ? bills.due() : Infinity;
    return due < end || (due === end && !this.isLast()) ? Math.max(due, this.now().from) : null;
  }

  private isLast(): boolean {
    return this.head!.cancels || !this.head!.autoRenew;
  }

  private pass(at: number): void {
    const head = this.head!;
    if (head.pause && !(head.pause.clock === 'runs' && this.isLast() && head.end === at))
      return this.resume(at);
    if (head.status !== 'past_due' && !head.pause && this.fallsDue() === at) {
      Object.assign(head, { status: 'past_due', grace: at + 24 * head.plan.graceDays * 3_600_000 });
      return this.write(at);
    }
    if (head.cancels && head.end === at) return this.end(at, 'canceled');
    if (!head.autoRenew || at === head.grace) return this.end(at, 'expired');
    const unpaid = head.status === 'past_due';
    const next = head.pendingAt === null || head.pendingAt <= at ? head.pending : null;
    const moves =
      head.status === 'trialing' ||
      (next !== null && !isSameStep(next.every, head.every)) ||
      anchoredPeriod(head.anchor, stepOf(head.every), head.end, head.zone).start !== head.end;
    const { plan } = head;
    const isNewRun = head.status === 'trialing' || next !== null;
    if (next) {
      this.runs.remember(head, at);
      const taken = { pending: null, pendingAt: null, billed: next.price !== null };
      Object.assign(head, { plan: next, every: next.every, ...taken });
    }
    if (moves) head.anchor = at;
    if (isNewRun) this.purse.endPlan(null, at);
    else if (moves && plan.creditsEvery) this.purse.endCycles(at);
    if (unpaid) head.missed += 1;
    else if (head.billed) this.bill(at);
    Object.assign(head, { status: unpaid ? 'past_due' : 'active', cutFrom: null, start: at, usageFrom: at });
    head.end = anchoredPeriod(head.anchor, stepOf(head.every), at, head.zone).end;
    this.cut();
    this.write(at);
    if (moves || isNewRun || !head.plan.creditsEvery) this.credits.begin(at);
    else if (this.credits.next === Infinity) this.credits.resume(at); // a pause ends where a period does
  }

  cut(): void {
    const head = this.head!;
    if (head.pendingAt === null || head.pendingAt >= head.end) return;
    Object.assign(head, { cutFrom: head.end, end: head.pendingAt });
  }

  /** Forgets the plan that waits for an instant, and gives the period its end back. */
  uncut(at: number): void {
    const head = this.head!;
    if (head.pendingAt === null) return;
    const was = head.end;
    Object.assign(head, { end: head.cutFrom ?? was, pending: null, pendingAt: null, cutFrom: null });
    if (head.end === was) return;
    this.credits.moveEnd(was, head.end);
    this.write(at);
  }

  resume(at: number): void {
    const head = this.head!;
    const { clock, until, at: paused, trying } = head.pause!;
    const was = head.end;
    if (clock === 'runs') head.end = Math.max(head.end, at);
    else head.end += at - (until ?? paused);
    head.status = trying ? 'trialing' : 'active';
    head.pause = null;
    if (clock === 'stops') this.credits.goOn(at, until === null ? open : was, head.end);
    this.write(at);
    if (head.end > at) this.credits.resume(at);
  }
}
