import Big from 'big.js';
import type { Db } from '../database/connect.ts';
import { type Share, shareOf, whole } from '../domain/money.ts';
import type { Head } from './head.ts';

export const prorations = ['none', 'days', 'days-and-usage', 'seconds'] as const;

/** How what is left of a period is measured: not at all, by local dates, by dates and by what was used of a meter, or to the second. */
export type Proration = (typeof prorations)[number];

/** What is left of a period at an instant, and of what was allowed in it; words for the invoice. */
export interface Rest {
  left: Big;
  of: Big;
  words: string;
  usage?: { left: Big; of: Big };
}

type Period = Pick<Head, 'periodStart' | 'periodEnd' | 'timezone'>;

/** What is left of a period: differences of local dates in its zone, or of seconds; both ends are instants, the end is excluded. */
export async function restOf(
  db: Db,
  { periodStart, periodEnd, timezone }: Period,
  { at, by }: { at: Date; by: Proration },
): Promise<Rest> {
  const [row] = await db<[Record<'days' | 'daysLeft' | 'seconds' | 'secondsLeft', string>]>`
    select (e.day - s.day)::text as days, (e.day - n.day)::text as "daysLeft", trim_scale(extract(epoch from e.at - s.at))::text as seconds,
           trim_scale(extract(epoch from e.at - n.at))::text as "secondsLeft"
      from (select ${periodStart}::timestamptz as at, (${periodStart}::timestamptz at time zone ${timezone})::date as day) s,
           (select ${periodEnd}::timestamptz as at, (${periodEnd}::timestamptz at time zone ${timezone})::date as day) e,
           (select ${at}::timestamptz as at, (${at}::timestamptz at time zone ${timezone})::date as day) n`;
  if (by === 'seconds') {
    const words = `${row.secondsLeft} of ${row.seconds} seconds not used`;
    return { left: new Big(row.secondsLeft), of: new Big(row.seconds), words };
  }
  return {
    left: new Big(row.daysLeft),
    of: new Big(row.days === '0' ? '1' : row.days),
    words: `${row.daysLeft} of ${row.days} days not used`,
  };
}

/**
 * What is left of the present period of a subscription, read before anything of it changes. By `days-and-usage` it counts what is left of
 * the limit on the plan's proration meter too; where the plan names none, or it is uncapped, the days alone.
 */
export async function restOfHead(db: Db, head: Head, { at, by }: { at: Date; by: Proration }): Promise<Rest> {
  const rest = await restOf(db, head, { at, by });
  if (by !== 'days-and-usage') return rest;
  const [row] = await db<{ meter: string; used: string; cap: string }[]>`
    select l.meter_id as meter, trim_scale(l.used)::text as used, trim_scale(l.limit_value)::text as cap
      from subctl.plan_versions v
     cross join lateral subctl.usage_limits(${head.customer}, ${at}) l
     where v.plan_id = ${head.plan} and v.version = ${head.version} and l.meter_id = v.proration_meter and l.scope = 'customer'
       and l.limit_value > 0 and l.win ~ '^(period|term|every_|month|year)'
     order by array_position(array['period', 'term', 'month', 'year'], l.win) nulls last
     limit 1`;
  if (!row) return rest;
  const left = new Big(row.cap).minus(row.used);
  const shown = left.lt(0) ? '0' : left.toFixed();
  return {
    ...rest,
    words: `${rest.words}, ${shown} of ${row.cap} ${row.meter} not used`,
    usage: { left, of: new Big(row.cap) },
  };
}

/** The part of a price that a rest stands for, exact. */
export function partOf(price: string, { left, of, usage }: Rest): Share {
  const byTime = shareOf(whole(price), left, of);
  return usage ? shareOf(byTime, usage.left, usage.of) : byTime;
}
