import { Failure } from '../domain/failure.ts';
import { formatInterval, parseInterval } from '../domain/intervals.ts';
import type { Findings } from './findings.ts';
import { readCount, readMapping, shown } from './read-values.ts';
import type { PlanVersion } from './catalogue.ts';

/** The intervals that the words period, month and year mean in a catalogue file. */
export interface Periods {
  period: string;
  month: string;
  year: string;
}

const letters: Record<string, string> = { day: 'd', week: 'w', month: 'mo', year: 'y' };

/**
 * Reads `period:` of a file: `{unit: day, length: 30, yearly_length: 365}` makes a month 30 days and a year 365. Without it a month is a
 * calendar month and a year a calendar year.
 */
export function readPeriods(findings: Findings, value: unknown): Periods {
  const map = readMapping(findings, 'period', value);
  findings.unknownKeys('period', map, ['unit', 'length', 'yearly_length', 'anchor']);
  const unit = map.unit ?? 'month';
  const letter = typeof unit === 'string' ? letters[unit] : undefined;
  if (!letter)
    findings.refuse(
      'period.unit',
      `${shown(unit)} is not a unit`,
      `Write one of: ${Object.keys(letters).join(', ')}`,
    );
  const length = readCount(findings, 'period.length', map.length) ?? 1;
  const yearly = readCount(findings, 'period.yearly_length', map.yearly_length);
  if (map.anchor !== undefined && map.anchor !== 'subscription_start')
    findings.warn('period.anchor', `${shown(map.anchor)} has no effect: periods start with the subscription`);
  const period = readInterval(findings, 'period.length', `${length}${letter ?? 'mo'}`) ?? '1mo';
  const inDays = unit === 'day' && length >= 28 && length <= 31;
  return {
    period,
    month: inDays ? period : '1mo',
    year: yearly ? `${yearly}${letter ?? 'd'}` : '1y',
  };
}

/** Reads an interval, or the word period, month or year for one. */
export function readInterval(
  findings: Findings,
  path: string,
  value: unknown,
  periods?: Periods,
): string | undefined {
  if (typeof value !== 'string') {
    findings.refuse(
      path,
      `${shown(value)} is not an interval`,
      'Write 30d, 2w, 1mo, 1y, month, year or period',
    );
    return undefined;
  }
  const word = periods?.[value as keyof Periods];
  return word ?? findings.attempt(path, () => formatInterval(parseInterval(value)));
}

/** The month of a plan that is sold by the month and by the year; undefined for other plans. */
function monthOf({ prices }: Pick<PlanVersion, 'prices'>): string | undefined {
  const intervals = prices.map((price) => price.interval);
  const month = intervals.find((interval) => /^(1mo|28d|29d|30d|31d|4w)$/.test(interval));
  return intervals.some((interval) => /^(1y|12mo|360d|364d|365d|366d|52w)$/.test(interval))
    ? month
    : undefined;
}

/**
 * Counts the `period` limits and credits of a version by the month where it is sold by the month and by the year: yearly subscribers have
 * the same monthly allowance.
 * @throws Failure usage where the plan has a limit by that month beside one by the period
 */
export function countMonthly(version: PlanVersion): PlanVersion {
  const month = monthOf(version);
  if (month === undefined) return version;
  const monthly = `every_${month}`;
  for (const { meter, scope, window } of version.limits)
    if (
      window === 'period' &&
      version.limits.some((one) => one.meter === meter && one.scope === scope && one.window === monthly)
    )
      throw new Failure(
        'usage',
        `The limits ${meter}/period and ${meter}/${monthly} would both be ${monthly}`,
        {
          hint: `A plan that is sold by the month and by the year counts its period by the month: give one of them`,
        },
      );
  const hasCredits = version.credits !== null || version.creditsUnlimited;
  return {
    ...version,
    creditsEvery: version.creditsEvery ?? (hasCredits ? month : null),
    limits: version.limits.map((limit) =>
      limit.window === 'period' ? { ...limit, window: monthly } : limit,
    ),
  };
}
