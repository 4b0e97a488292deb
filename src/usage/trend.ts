import Big from 'big.js';
import { needCustomer } from '../customers/find-customer.ts';
import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type Bucket, type TrendUnit, findBuckets } from './trend-buckets.ts';
import { keptFrom, sumEvents, sumWindows } from './trend-sums.ts';
import { zoneOf } from './zone.ts';

export interface TrendPoint extends Bucket {
  /** exact; null is no longer known: the events were deleted and no window of this length counted it */
  amount: string | null;
  /** against the previous bucket, in percent with two places; null where that was 0 or is unknown */
  change_percent: string | null;
  source: 'events' | 'windows';
}

export interface TrendSeries {
  /** cost, uses (events), or meter */
  what: 'cost' | 'uses' | 'meter';
  meter: string | null;
  unit: string | null;
  points: TrendPoint[];
}

export interface Trend {
  customer: string;
  timezone: string;
  by: TrendUnit;
  series: TrendSeries[];
}

/**
 * Shows a customer's usage and cost in each of the last days, weeks, months or billing periods: one sum for each, 0 without usage. Cost
 * and uses come first, then each meter that counted something, or only `meter`.
 * @throws Failure not_found for an unknown customer or meter
 */
export async function usageTrend(
  db: Db,
  asked: { customer: string; now: Date; by: TrendUnit; count: number; meter?: string | undefined },
): Promise<Trend> {
  const { customer, now, by, meter } = asked;
  await needCustomer(db, customer);
  const buckets = await findBuckets(db, asked);
  const kept = await keptFrom(db);
  const gone = buckets.filter(({ start }) => kept !== null && start < kept).length;
  const counted = await sumEvents(db, { customer, buckets: buckets.slice(gone), now });
  const closed = await sumWindows(db, { customer, buckets: buckets.slice(0, gone), by });
  const amounts = new Map([
    ...closed.map(({ series, n, amount }) => [`${series} ${n}`, amount] as const),
    ...counted.map(({ series, n, amount }) => [`${series} ${n + gone}`, amount] as const),
  ]);
  const series = (await listSeries(db, meter)).map((each) => {
    const name = each.what === 'meter' ? `meter ${each.meter!}` : each.what;
    const values = buckets.map(
      (_, n) => amounts.get(`${name} ${n}`) ?? (amounts.has(`${name} ${n}`) ? null : '0'),
    );
    return { ...each, points: buckets.map((bucket, n) => pointOf(bucket, values, { n, gone })) };
  });
  const used = series.filter(
    ({ what, points }) =>
      what !== 'meter' || meter !== undefined || points.some(({ amount }) => amount !== '0'),
  );
  return { customer, timezone: await zoneOf(db, customer, now), by, series: used };
}

function pointOf(
  bucket: Bucket,
  values: (string | null)[],
  { n, gone }: { n: number; gone: number },
): TrendPoint {
  const [amount, base] = [values[n]!, values[n - 1] ?? null];
  return {
    ...bucket,
    amount,
    change_percent: amount === null || base === null ? null : changeOf(base, amount),
    source: n < gone ? 'windows' : 'events',
  };
}

/** The increase from `from` to `to` in percent, rounded half up once; null where `from` is 0. */
export function changeOf(from: string, to: string): string | null {
  const base = new Big(from);
  return base.eq(0)
    ? null
    : new Big(to).minus(base).times(100).div(base.abs()).round(2, Big.roundHalfUp).toFixed();
}

async function listSeries(db: Db, meter: string | undefined): Promise<Omit<TrendSeries, 'points'>[]> {
  const meters = await db<{ meter: string; unit: string | null }[]>`
    select id as meter, unit from subctl.meters where ${meter ?? null}::text is null or id = ${meter ?? null} order by id collate "C"`;
  if (meter !== undefined && meters.length === 0)
    throw new Failure('not_found', `There is no meter ${meter}`, { hint: 'subctl meters list' });
  const currency = await call(db, 'subctl_internal.setting', { key: 'cost_currency' });
  const own = meters.map((each) => ({ what: 'meter' as const, ...each }));
  if (meter !== undefined) return own;
  return [{ what: 'cost', meter: null, unit: currency }, { what: 'uses', meter: null, unit: null }, ...own];
}
