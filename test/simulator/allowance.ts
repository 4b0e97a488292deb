import Big from 'big.js';
import { anchoredPeriod, type Bounds } from '../database/window-oracle.ts';
import type { Life } from './life.ts';
import type { Grant } from './purse.ts';
import { rhythmIn } from './rhythm.ts';
import { open } from './timeline.ts';
import { stepOf } from './world.ts';

/** The credits that come with a customer's plan: when the next ones are due, until when they live, and what is left over of them. */
export class Allowance {
  /** when the plan's next credits come; Infinity is not, or with the next period */
  next = Infinity;
  /** they come in the midst of a cycle, and what was used of the plan's in it before is taken off (R32) */
  private isMidway = false;
  private readonly life: Life;

  constructor(life: Life) {
    this.life = life;
  }

  /** Credits of a run that begins: the first grant is due now. A change of plan carries itself what was used. */
  begin(at: number, { carries = false } = {}): void {
    this.isMidway = !carries;
    this.next = this.life.head!.plan.credits ? at : Infinity;
  }

  /** Credits after a change that is no new run: what lives goes on, what is missing comes now. */
  resume(at: number): void {
    const { plan } = this.life.head!;
    if (!plan.credits) return;
    const alive = this.life.purse
      .live()
      .find((g) => (g.source === 'plan' || g.source === 'reset') && g.plan === plan.id && g.expiresAt > at);
    this.isMidway = !alive;
    if (!alive) this.next = at;
    else if (plan.creditsEvery)
      this.next = Math.max(this.cycleAt(Math.min(at, alive.grantedAt)).end, alive.expiresAt);
  }

  stop(): void {
    this.next = Infinity;
  }

  /** Ends that fall together with the period's move with it. */
  moveEnd(from: number, to: number): void {
    this.life.purse.moveEnd(from, to);
    if (this.next === from) this.next = to;
    this.moveCycles();
  }

  /** The clock that stood still runs again at `at`. */
  goOn(at: number, from: number, to: number): void {
    this.life.stood.at(-1)!.until = at;
    this.life.purse.moveEnd(from, to);
    this.moveCycles();
  }

  /** Cycles of a rhythm of their own are counted on the subscription's clock: a pause moves the one under way. */
  moveCycles(): void {
    if (!this.life.head?.plan.creditsEvery) return;
    const { start } = this.life.head;
    const since = ({ grantedAt }: Grant) => Math.max(grantedAt, start); // one that began before the period is on its clock as well
    const cycles = this.life.purse.live().filter((g) => g.source !== 'given' && g.expiresAt > start);
    for (const grant of cycles) grant.expiresAt = this.cycleAt(since(grant)).end;
    if (this.next !== Infinity && cycles.length > 0)
      this.next = this.cycleAt(Math.max(...cycles.map(since))).end;
  }

  /** When the credits that are given now end unless said: with the period, or the cycle. */
  usualExpiry(at: number): number {
    const { plan, access } = this.life.now();
    if (!access) return Infinity;
    const { end } = this.life.timeline.periodAt(at);
    return plan!.creditsEvery && this.life.head ? this.cycleAt(at).end : end;
  }

  cycleAt(at: number): Bounds {
    const { plan, pause, ...head } = this.life.head!;
    const end = pause?.clock === 'stops' && pause.until === null ? open : head.end;
    return rhythmIn({ ...head, end }, this.life.stood, stepOf(plan.creditsEvery ?? head.every), at);
  }

  rollOver(grant: Grant, left: Big, at: number): void {
    const { source, plan } = grant;
    const now = this.life.now();
    if (
      !['plan', 'reset'].includes(source) ||
      plan !== now.plan!.id ||
      now.plan!.rollover === null ||
      left.lte(0)
    )
      return;
    const most = new Big(now.plan!.rollover);
    const facts = { source: 'rollover' as const, plan, priority: 15, grantedAt: at };
    const amount = left.lt(most) ? left : most;
    grant.over = grant.over.minus(amount);
    this.life.purse.give({ ...facts, expiresAt: this.grantEnd(at), amount });
  }

  grantPlan(at: number): void {
    const { plan } = this.life.now();
    const expiresAt = this.grantEnd(at);
    const facts = { source: 'plan' as const, plan: plan!.id, priority: 20, grantedAt: at };
    const amount = new Big(plan!.credits!).minus(this.isMidway ? this.usedBefore(at) : 0);
    this.isMidway = false;
    if (amount.gt(0)) this.life.purse.give({ ...facts, expiresAt, amount });
    this.next = expiresAt;
    if (this.life.head && !plan!.creditsEvery) this.next = Infinity; // the next comes with the next period
  }

  /** What was used of the plan's credits in the cycle under way. */
  private usedBefore(at: number): Big {
    if (!this.life.head) return new Big(0);
    const { plan, start } = this.life.head;
    return this.life.purse.usedOf(plan.id, plan.creditsEvery ? this.cycleAt(at).start : start);
  }

  private grantEnd(at: number): number {
    const { head } = this.life;
    if (!head || !head.plan.creditsEvery) return this.life.timeline.periodAt(at).end;
    const { end } = this.cycleAt(at);
    // a trial and a period whose end has moved bound the cycle: cycles are counted anew from there
    const goesOn = anchoredPeriod(head.anchor, stepOf(head.every), head.end, head.zone).start === head.end;
    return goesOn && head.status !== 'trialing' ? end : Math.min(end, head.end);
  }
}
