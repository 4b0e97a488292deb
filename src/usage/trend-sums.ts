import type { Db } from '../database/connect.ts';
import { instantText } from '../database/values.ts';
import type { Bucket, TrendUnit } from './trend-buckets.ts';

/** The sum of one series in one bucket; `amount` null is no longer known. */
export interface Sum {
  series: string;
  /** the bucket's position in the list */
  n: number;
  amount: string | null;
}

interface Summing {
  customer: string;
  buckets: readonly Bucket[];
}

const listed = (db: Db, buckets: readonly Bucket[]) => db`
  select * from unnest(${buckets.map((_, n) => n)}::int[], ${buckets.map(({ start }) => instantText(start))}::timestamptz[],
                       ${buckets.map(({ end }) => instantText(end))}::timestamptz[]) b(n, from_at, to_at)`;

/** The instant from which all events are kept: prune stores it when it deletes older ones. */
export async function keptFrom(db: Db): Promise<Date | null> {
  const [row] = await db<
    [{ at: Date | null }]
  >`select subctl_internal.setting('events_from')::timestamptz as at`;
  return row.at;
}

/** Sums the events until `now`, included: cost, uses (a reversed one is none) and every meter that counts something. */
export async function sumEvents(db: Db, { customer, buckets, now }: Summing & { now: Date }): Promise<Sum[]> {
  if (buckets.length === 0) return [];
  const [from, to] = [buckets[0]!.start, buckets.at(-1)!.end];
  return db<Sum[]>`
    with b as (${listed(db, buckets)}), own as (
      select b.n, sum(e.cost) as cost, sum(case when e.reverses is null then 1 else -1 end) as uses
        from b join subctl.usage_events e on e.customer_id = ${customer} and e.at >= b.from_at and e.at < b.to_at
       where e.at >= ${from} and e.at < ${to} and e.at <= ${now} group by b.n
    )
    select 'cost' as series, n, trim_scale(coalesce(cost, 0))::text as amount from own
    union all select 'uses', n, uses::text from own
    union all
    select 'meter ' || m.id, b.n, trim_scale(sum(e.amount))::text
      from subctl.meters m cross join lateral subctl_internal.events_on_meter(m.id, ${from}, ${to}) e join b on e.at >= b.from_at and e.at < b.to_at
     where e.customer_id = ${customer} and e.at <= ${now} group by m.id, b.n`;
}

/** Windows that lie whole inside a bucket, the widest first. */
const parts: Record<TrendUnit, string[]> = {
  day: ['day', 'hour'],
  week: ['week', 'day', 'hour'],
  month: ['month', 'period', 'day', 'hour'],
  period: ['period', 'day', 'hour'],
};

/**
 * Sums the closed windows, for buckets whose events were deleted: of each meter the widest windows that lie whole in the bucket (a billing
 * period in a month that is the same). Null where it was used and only other windows counted it. A window belongs to the bucket that
 * contains its middle, a billing period to the one in which it starts. Cost and uses are those of the meter that counts them for
 * everything, if there is one.
 */
export async function sumWindows(
  db: Db,
  { customer, buckets, by }: Summing & { by: TrendUnit },
): Promise<Sum[]> {
  if (buckets.length === 0) return [];
  return db<Sum[]>`
    with b as (${listed(db, buckets)}), seen as (
      select w.meter_id, b.n, array_position(${parts[by]}::text[], w."window") as wide, sum(w.used + w.adjusted) as used
        from subctl.window_usage w
       cross join lateral (select case when w."window" = 'period' then w.window_start else w.window_start + (w.window_end - w.window_start) / 2 end as at) x
        join b on x.at >= b.from_at and x.at < b.to_at
       where w.customer_id = ${customer} and w.scope = 'customer' and isfinite(w.window_start) and isfinite(w.window_end)
         and w."window" = any (${parts[by]}::text[])
         and (w."window" <> 'period' or ${by} = 'period' or (w.window_start = b.from_at and w.window_end = b.to_at))
       group by 1, 2, 3
    ), best as (
      select distinct on (meter_id, n) meter_id, n, used from seen order by meter_id, n, wide
    ), touched as (
      select distinct w.meter_id, b.n from subctl.window_usage w join b on w.window_start < b.to_at and w.window_end > b.from_at
       where w.customer_id = ${customer} and w.scope = 'customer' and w.used + w.adjusted > 0 and isfinite(w.window_start) and isfinite(w.window_end)
    ), metered as (
      select m.id, m.field, m.aggregation, m.kinds is null and m.providers is null and m.models is null and m.tier is null as whole,
             b.n, coalesce(best.used, case when t.meter_id is null then 0 end) as amount
        from subctl.meters m cross join b
        left join best on best.meter_id = m.id and best.n = b.n
        left join touched t on t.meter_id = m.id and t.n = b.n
    ), told as (
      select s.series, b.n, (select m.amount from metered m where m.n = b.n and m.whole and s.series = case when m.aggregation = 'count' then 'uses' when m.field = 'cost' then 'cost' end
                              order by m.amount nulls last limit 1) as amount, exists (select from touched t where t.n = b.n) as any_use
        from b cross join (values ('cost'), ('uses')) s(series)
    )
    select series, n, trim_scale(coalesce(amount, case when not any_use then 0 end))::text as amount from told
    union all select 'meter ' || id, n, trim_scale(amount)::text from metered`;
}
