import { Temporal } from 'temporal-polyfill';

/**
 * What windows should be, worked out a second time from the rule book with Temporal and without any of the SQL: it lists boundaries and
 * looks for the last one that is not after the instant, where the SQL estimates and corrects.
 */
export interface Bounds {
  start: number;
  end: number;
}

export interface Step {
  months: number;
  days: number;
}

/** The start of period k in epoch milliseconds: from the anchor, clamped, gaps forward, the first of a repeated time (R2, R4). */
export function periodStart(anchor: number, step: Step, k: number, zone: string): number {
  if (k === 0) return anchor;
  return zoned(anchor, zone)
    .toPlainDateTime()
    .add({ months: step.months * k, days: step.days * k })
    .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** The greatest k whose start is not after `at`, by halving. */
export function periodIndex(anchor: number, step: Step, at: number, zone: string): number {
  let [low, high] = [-100_000, 100_000];
  const day = 86_400_000;
  const length = step.months * 30 * day + step.days * day;
  low = Math.max(low, Math.floor((at - anchor) / length) - 40);
  high = Math.min(high, Math.ceil((at - anchor) / length) + 40);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (periodStart(anchor, step, middle, zone) <= at) low = middle;
    else high = middle;
  }
  return low;
}

/** The anchored period around `at`. */
export function anchoredPeriod(anchor: number, step: Step, at: number, zone: string): Bounds {
  const k = periodIndex(anchor, step, at, zone);
  return { start: periodStart(anchor, step, k, zone), end: periodStart(anchor, step, k + 1, zone) };
}

/** The calendar window around `at`; weeks start on ISO weekday `firstDay`. */
export function calendarWindow(
  unit: 'day' | 'week' | 'month' | 'year',
  at: number,
  zone: string,
  firstDay = 1,
): Bounds {
  const first = firstDate(unit, zoned(at, zone).toPlainDate(), firstDay);
  const starts = [-2, -1, 0, 1, 2, 3].map(
    (steps) =>
      first
        .add({ [`${unit}s`]: steps })
        .toZonedDateTime({ timeZone: zone })
        .startOfDay().epochMilliseconds,
  );
  const index = starts.findLastIndex((start) => start <= at);
  return { start: starts[index] as number, end: starts[index + 1] as number };
}

function firstDate(unit: string, date: Temporal.PlainDate, firstDay: number): Temporal.PlainDate {
  if (unit === 'month') return date.with({ day: 1 });
  if (unit === 'year') return date.with({ month: 1, day: 1 });
  if (unit === 'week') return date.subtract({ days: (date.dayOfWeek - firstDay + 7) % 7 });
  return date;
}

/** The clock hour around `at`: walked minute by minute to where the local hour or the offset is another. */
export function clockHour(at: number, zone: string): Bounds {
  const minute = 60_000;
  const label = (instant: number) => {
    const { year, month, day, hour, offset } = zoned(instant, zone);
    return `${year}-${month}-${day} ${hour} ${offset}`;
  };
  const here = label(at);
  let start = Math.floor(at / minute) * minute;
  while (label(start - minute) === here) start -= minute;
  let end = start + minute;
  while (label(end) === here) end += minute;
  return { start, end };
}

/** The instants from 2000 to 2030 at which the clock of `zone` is moved. */
export function clockChanges(zone: string): number[] {
  const found: number[] = [];
  let from = zoned(Date.UTC(2000, 0, 1), zone);
  for (;;) {
    const next = from.getTimeZoneTransition('next');
    if (!next || next.year > 2030) return found;
    found.push(next.epochMilliseconds);
    from = next;
  }
}

function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}
