import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { zoneOf } from './zone.ts';

export type TrendUnit = 'day' | 'week' | 'month' | 'period';

/** A bucket of a trend: from `start` (included) to `end` (excluded) (R1). */
export interface Bucket {
  /** its label: 2025-03 for a month, else its first local day */
  label: string;
  start: Date;
  end: Date;
  /** it is over at the requested instant */
  complete: boolean;
}

export interface Bucketing {
  customer: string;
  now: Date;
  by: TrendUnit;
  /** how many, including the one that contains `now` */
  count: number;
}

/**
 * Lists the last `count` days, weeks (from Monday, R5) or calendar months up to `now`, on the calendar of the zone that the customer has
 * then; or its billing periods, of which there may be fewer. Oldest first. Months are counted from the first of the month, so none is
 * skipped from a 31st.
 * @throws Failure not_found where periods are asked for and the customer has none
 */
export async function findBuckets(db: Db, asked: Bucketing): Promise<Bucket[]> {
  const { customer, now, by } = asked;
  if (by !== 'period')
    return calendarBuckets(db, { ...asked, by, timezone: await zoneOf(db, customer, now) });
  const periods = await periodBuckets(db, asked);
  if (periods.length > 0) return periods;
  throw new Failure('not_found', `${customer} has no billing period at that time`, {
    hint: 'Give --by month',
  });
}

/** The same days, weeks or months in the given zone. */
export async function calendarBuckets(
  db: Db,
  {
    timezone,
    now,
    by,
    count,
  }: { timezone: string; now: Date; by: Exclude<TrendUnit, 'period'>; count: number },
): Promise<Bucket[]> {
  return db<Bucket[]>`
    select to_char(d.local, ${by === 'month' ? 'YYYY-MM' : 'YYYY-MM-DD'}) as label, b.start, b."end", b."end" <= ${now} as complete
      from (select ${timezone}::text as tz) z
     cross join generate_series(${count}::int - 1, 0, -1) ago
     cross join lateral (select date_trunc(${by}, ${now}::timestamptz at time zone z.tz) - ago * ('1 ' || ${by})::interval as local) d
     cross join lateral (select subctl_internal.local_first(d.local, z.tz) as start, subctl_internal.local_first(d.local + ('1 ' || ${by})::interval, z.tz) as "end") b
     order by ago desc`;
}

/** A period that a change of plan shortened ends where the next one begins. */
async function periodBuckets(db: Db, { customer, now, count }: Bucketing): Promise<Bucket[]> {
  return db<Bucket[]>`
    with recursive p (ago, start, "end") as (
      select 0, e.period_start, e.period_end from subctl_internal.effective_subscription(${customer}, ${now}) e where e.period_start is not null
      union all
      select p.ago + 1, e.period_start, least(e.period_end, p.start)
        from p cross join lateral subctl_internal.effective_subscription(${customer}, p.start - interval '1 microsecond') e
       where p.ago + 1 < ${count} and e.period_start < p.start
    )
    select to_char(p.start at time zone subctl_internal.zone_of(${customer}, ${now}), 'YYYY-MM-DD') as label, p.start, p."end", p."end" <= ${now} as complete
      from p order by p.ago desc`;
}
