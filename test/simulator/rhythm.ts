import { anchoredPeriod, type Bounds } from '../database/window-oracle.ts';
import { stepOf } from './world.ts';

/** When a subscription's clock stood still. */
export interface Stood {
  from: number;
  until: number;
}

interface Running extends Bounds {
  anchor: number;
  every: string;
  zone: string;
}

/**
 * The window of a rhythm around an instant in a subscription's period (R34a): counted from the anchor on the subscription's own clock, so that
 * the one under way at a pause goes on and those after it come later. Given days belong to the period's last.
 */
export function rhythmIn(
  period: Running,
  stood: readonly Stood[],
  step: ReturnType<typeof stepOf>,
  at: number,
): Bounds {
  const { anchor, every, zone, start, end } = period;
  const own = anchoredPeriod(anchor, stepOf(every), Math.max(start, anchor), zone).end;
  if (at < start || at >= end || end <= own) return anchoredPeriod(anchor, step, at, zone);
  const pauses = stood.filter(({ from }) => from >= start && from < end);
  const clock = pauses
    .filter(({ from }) => from < at)
    .reduce((time, { from, until }) => time - (Math.min(until, at) - from), at);
  const there = anchoredPeriod(anchor, step, Math.min(clock, own - 1), zone);
  const real = (time: number) => {
    let sum = 0;
    for (const { from, until } of pauses) if (from - sum < time) sum += until - from;
    return time + sum;
  };
  return { start: real(there.start), end: there.end >= own ? end : real(there.end) };
}
