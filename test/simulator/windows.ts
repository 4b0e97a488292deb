import { calendarWindow, clockHour } from '../database/window-oracle.ts';
import type { Life } from './life.ts';
import { rhythmIn } from './rhythm.ts';
import { type Rule, stepOf } from './world.ts';

/** Where the window of a rule that contains `at` starts; for sliding ones the last instant that is out of it. */
export function startOf(life: Life, { meter, window }: Pick<Rule, 'meter' | 'window'>, at: number): number {
  const [word, n, unit] = /^rolling_(\d+)(h|d)$/.exec(window) ?? [];
  const { usageFrom, start, end } = life.timeline.periodAt(at);
  const from =
    meter.tier === 'free' || ['lifetime', 'each', 'session'].includes(window) ? -Infinity : usageFrom;
  if (word) return Math.max(at - Number(n) * (unit === 'd' ? 24 : 1) * 3_600_000, from - 1);
  if (['lifetime', 'each', 'session'].includes(window)) return -Infinity;
  if (window === 'period') return Math.max(start, from);
  const { anchor, zone, every, status } = life.timeline.at(at);
  const { zones } = life;
  if (window.startsWith('every_') && status === 'none')
    return Math.max(life.timeline.unanchored(window.slice(6), at).start, from);
  if (window.startsWith('every_'))
    return Math.max(
      rhythmIn({ anchor, zone, every, start, end }, life.stood, stepOf(window.slice(6)), at).start,
      from,
    );
  if (window === 'hour') return Math.max(zones.around(at, clockHour).start, from);
  const [unitOf, first] = window.startsWith('week')
    ? (['week', window === 'week_sunday' ? 7 : 1] as const)
    : [window as 'day', 1];
  const bounds = zones.around(at, (instant, there) => calendarWindow(unitOf, instant, there, first));
  return Math.max(bounds.start, from);
}
