import { Failure } from './failure.ts';
import { parseInstant } from './instants.ts';

/** The time that others are reckoned from, and the zone whose calendar and wall clock count. */
export interface Reckoning {
  now: Date;
  /** IANA name */
  timezone: string;
}

/** A half-open span, `[from, to)`. */
export interface TimeSpan {
  from: Date;
  to: Date;
}

/** A time that is known when now and the zone are: `today`, `30d`, or a date without a zone. */
export class TimeExpression {
  /** what was given */
  readonly text: string;
  /** a date or time of the calendar without a zone; not reckoned from now */
  readonly absolute: boolean;
  readonly #resolve: (reckoning: Reckoning) => Promise<Date>;

  constructor(text: string, absolute: boolean, resolve: (reckoning: Reckoning) => Promise<Date>) {
    this.text = text;
    this.absolute = absolute;
    this.#resolve = resolve;
  }

  /** @throws Failure usage when it lies outside the years 1 to 9999 */
  resolve(reckoning: Reckoning): Promise<Date> {
    return this.#resolve(reckoning);
  }
}

/** A period of the calendar that is known when now and the zone are. */
export interface PeriodExpression {
  /** what was given */
  text: string;
  resolve(reckoning: Reckoning): Promise<TimeSpan>;
}

/** The words of the calendar and the first day of each. */
const words = [
  'now',
  'today',
  'yesterday',
  'tomorrow',
  'this-week',
  'last-week',
  'next-week',
  'this-month',
  'last-month',
  'next-month',
  'this-quarter',
  'last-quarter',
  'this-year',
  'last-year',
  'next-year',
] as const;

const units = {
  s: 'seconds',
  m: 'minutes',
  h: 'hours',
  d: 'days',
  w: 'weeks',
  mo: 'months',
  y: 'years',
} as const;

const timeForms =
  'Give 2026-01-31, 2026-01-31T12:00Z, today, last-month, 30d, -2h or +7d (all forms: subctl help times)';

/**
 * Reads a time: an ISO 8601 instant, date or time (`parseInstant`), a word (`now`, `today`, `last-month`: its first instant) or a distance
 * from now (`-30d` ago, `+7d` ahead, without a sign as `unsigned` says; s, m, h are exact, d, w, mo and y keep the wall clock, R4).
 * What depends on now or on a zone is a TimeExpression.
 * @throws Failure usage for anything else
 */
export function parseTime(
  text: string,
  name = 'time',
  unsigned: 'ago' | 'ahead' = 'ago',
): Date | TimeExpression {
  const given = text.trim();
  const word = words.find((one) => one === given.toLowerCase());
  if (word) return new TimeExpression(given, false, (reckoning) => firstInstantOf(word, reckoning));
  const distance = /^([+-]?)(\d{1,5})(s|m|h|d|w|mo|y)$/.exec(given);
  if (distance) {
    const ahead = distance[1] === '+' || (distance[1] === '' && unsigned === 'ahead');
    const amount = Number(distance[2]) * (ahead ? 1 : -1);
    const unit = distance[3] as keyof typeof units;
    return new TimeExpression(given, false, (reckoning) =>
      shift(reckoning, { amount, unit, text: given, name }),
    );
  }
  if (/^[a-z]/i.test(given) || !/\d{4}/.test(given)) throw unknownTime(name, text);
  const inUtc = parseInstant(given, name);
  if (/([zZ]|[+-]\d{2}:?\d{2})$/.test(given) && /[Tt ]/.test(given)) return inUtc;
  return new TimeExpression(given, true, ({ timezone }) => wallClock(inUtc, timezone));
}

/**
 * Reads a period of the calendar: `2026`, `2026-Q1`, `2026-01`, `2026-01-31` or a word (`today`, `last-month`, `this-year`).
 * @throws Failure usage for anything else
 */
export function parsePeriod(text: string, name = 'period'): PeriodExpression {
  const given = text.trim().toLowerCase();
  const word = words.find((one) => one === given);
  if (word && word !== 'now') return { text: given, resolve: (reckoning) => spanOfWord(word, reckoning) };
  const parts = /^(\d{4})(?:-q([1-4])|-(0[1-9]|1[0-2])(?:-(\d{2}))?)?$/.exec(given);
  if (!parts)
    throw new Failure('usage', `The ${name} '${text}' is not a period of the calendar`, {
      hint: 'Give 2026, 2026-Q1, 2026-01, 2026-01-31, today, yesterday, this-month, last-month, this-quarter, last-quarter, this-year or last-year',
    });
  const [, year, quarter, month, day] = parts;
  const first = quarter ? String(Number(quarter) * 3 - 2).padStart(2, '0') : (month ?? '01');
  const start = parseInstant(`${year}-${first}-${day ?? '01'}`, name);
  const length = day ? { days: 1 } : { months: monthsOf(quarter, month) };
  const resolve = async ({ timezone }: Reckoning) => {
    const { Temporal } = await import('temporal-polyfill');
    const from = Temporal.PlainDate.from(start.toISOString().slice(0, 10));
    return spanOf(from, from.add(length), timezone);
  };
  return { text: given, resolve };
}

function monthsOf(quarter: string | undefined, month: string | undefined): number {
  if (month) return 1;
  return quarter ? 3 : 12;
}

/** How far back `--last 30d` reaches. @throws Failure usage */
export function parseLast(text: string, name = 'length'): TimeExpression {
  const read = /^\d/.test(text.trim()) ? parseTime(text, name) : undefined;
  if (read instanceof TimeExpression && !read.absolute) return read;
  throw new Failure('usage', `The ${name} '${text}' is not a length of time`, {
    hint: 'Give a whole number and a unit (m, h, d, w, mo, y): 24h, 30d, 12w or 6mo',
  });
}

type Word = (typeof words)[number];

async function firstInstantOf(word: Word, reckoning: Reckoning): Promise<Date> {
  return word === 'now' ? reckoning.now : (await spanOfWord(word, reckoning)).from;
}

async function spanOfWord(word: Exclude<Word, 'now'>, { now, timezone }: Reckoning): Promise<TimeSpan> {
  const { Temporal } = await import('temporal-polyfill');
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timezone)
    .toPlainDate();
  const starts = {
    day: today,
    week: today.subtract({ days: today.dayOfWeek - 1 }),
    month: today.with({ day: 1 }),
    quarter: today.with({ day: 1, month: today.month - ((today.month - 1) % 3) }),
    year: today.with({ day: 1, month: 1 }),
  };
  const lengths = {
    day: { days: 1 },
    week: { weeks: 1 },
    month: { months: 1 },
    quarter: { months: 3 },
    year: { years: 1 },
  };
  const days = { today: 'this-day', yesterday: 'last-day', tomorrow: 'next-day' } as const;
  const [which, unit] = (word in days ? days[word as keyof typeof days] : word).split('-') as [
    'this' | 'last' | 'next',
    keyof typeof starts,
  ];
  const length = lengths[unit];
  const start = starts[unit];
  const from = { this: start, last: start.subtract(length), next: start.add(length) }[which];
  return spanOf(from, from.add(length), timezone);
}

/** From the first instant of one day to the first of another. */
function spanOf(from: Day, to: Day, timezone: string): TimeSpan {
  return { from: startOfDay(from, timezone), to: startOfDay(to, timezone) };
}

/** A Temporal.PlainDate; the types of the polyfill are not loaded with the program. */
interface Day {
  toZonedDateTime(timezone: string): { epochMilliseconds: number };
}

const startOfDay = (day: Day, timezone: string): Date =>
  new Date(day.toZonedDateTime(timezone).epochMilliseconds);

interface Distance {
  /** below 0 for a time in the past */
  amount: number;
  unit: keyof typeof units;
  /** as it was given, and of what, for a refusal */
  text: string;
  name: string;
}

async function shift({ now, timezone }: Reckoning, { amount, unit, text, name }: Distance): Promise<Date> {
  const { Temporal } = await import('temporal-polyfill');
  const from = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone);
  const to = new Date(from.add({ [units[unit]]: amount }).epochMilliseconds);
  if (to.getUTCFullYear() < 1 || to.getUTCFullYear() > 9999)
    throw new Failure('usage', `The ${name} '${text}' lies outside the years 1 to 9999`, { hint: timeForms });
  return to;
}

/** The instant at which clocks in the zone show what `inUtc` shows in UTC; a time in a gap moves forward by the gap, a repeated one is the first (R4). */
async function wallClock(inUtc: Date, timezone: string): Promise<Date> {
  if (timezone === 'UTC') return inUtc;
  const { Temporal } = await import('temporal-polyfill');
  const shown = Temporal.PlainDateTime.from(inUtc.toISOString().slice(0, -1));
  return new Date(shown.toZonedDateTime(timezone, { disambiguation: 'compatible' }).epochMilliseconds);
}

function unknownTime(name: string, text: string): Failure {
  return new Failure('usage', `The ${name} '${text}' is not a time`, { hint: timeForms });
}
