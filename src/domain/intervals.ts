import { Failure } from './failure.ts';

export type IntervalUnit = 'd' | 'w' | 'mo' | 'y';

/** A number of calendar units. `30d` is thirty days and never a month; what k of them add up to is SQL's to say. */
export interface Interval {
  count: number;
  unit: IntervalUnit;
}

/** At most a century of each. */
const most: Record<IntervalUnit, number> = { d: 36_500, w: 5_200, mo: 1_200, y: 100 };

/**
 * Reads `30d`, `2w`, `1mo`, `1y`.
 * @throws Failure usage for zero, fractions, other units and anything over a hundred years
 */
export function parseInterval(text: string, name = 'interval'): Interval {
  const parts = /^(\d{1,6})(d|w|mo|y)$/.exec(text.trim());
  if (!parts) throw refused(name, text, 'is not a number of days, weeks, months or years');
  const interval = { count: Number(parts[1]), unit: parts[2] as IntervalUnit };
  if (interval.count === 0) throw refused(name, text, 'is empty');
  if (interval.count > most[interval.unit]) throw refused(name, text, 'is longer than a hundred years');
  return interval;
}

/** The canonical spelling, the one that files, flags and the database use. */
export function formatInterval({ count, unit }: Interval): string {
  return `${count}${unit}`;
}

function refused(name: string, text: string, why: string): Failure {
  return new Failure('usage', `The ${name} '${text}' ${why}`, {
    hint: 'Give a whole number and a unit: 30d, 2w, 1mo or 1y',
  });
}
