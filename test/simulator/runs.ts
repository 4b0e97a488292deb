import { anchoredPeriod } from '../database/window-oracle.ts';
import type { Head } from './timeline.ts';
import { isSameStep, type Plan, stepOf } from './world.ts';

/** The period that a run on a plan was in when it ended. */
interface Run {
  plan: Plan;
  every: string;
  anchor: number;
  zone: string;
  start: number;
  /** where it would have ended if the run had gone on */
  end: number;
  usageFrom: number;
  endedAt: number;
}

/** What a customer's runs on their plans left behind: a free plan that is taken again within the period that ran goes on with it (R32). */
export class Runs {
  private readonly runs: Run[] = [];

  /** A run ends: nobody had that plan any longer from `at` on. */
  remember({ plan, every, anchor, zone, start, end, usageFrom, status, pause }: Head, at: number): void {
    const isTried = status === 'trialing' || pause?.trying === true;
    const own = anchoredPeriod(anchor, stepOf(every), Math.max(start, anchor), zone).end;
    const whole = isTried ? end : Math.max(end, own);
    this.runs.push({ plan, every, anchor, zone, start, end: whole, usageFrom, endedAt: at });
  }

  /** The period that the plan goes on with at an instant. */
  find(plan: Plan, at: number): Pick<Run, 'anchor' | 'zone' | 'start' | 'end' | 'usageFrom'> | undefined {
    const last = this.runs.findLast((run) => run.plan === plan);
    if (!last) return undefined;
    const { anchor, zone } = last;
    const { start, end } = isSameStep(last.every, plan.every)
      ? last
      : anchoredPeriod(anchor, stepOf(plan.every), at, zone);
    if (at >= end || last.endedAt <= start) return undefined;
    return { anchor, zone, start, end, usageFrom: Math.max(start, last.usageFrom) };
  }
}
