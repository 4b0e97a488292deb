import type { Db } from '../database/connect.ts';
import { instantText } from '../database/values.ts';

/** From an instant (included) to another (excluded), as the database reads them. */
interface Range {
  from: string;
  to: string;
}

/** How a span is read: whole days from their sums, the rest from its events. */
export interface SummedSpan extends Range {
  days: Range[];
  rest: Range[];
}

/** Divides a span into days with valid sums and the rest. Without sums, the rest is all of it. */
export async function findSums(db: Db, span: { from: Date; to: Date }): Promise<SummedSpan> {
  const [from, to] = [instantText(span.from), instantText(span.to)];
  const days = await db<Range[]>`
    select d.from_at::text as "from", d.to_at::text as "to"
      from subctl.summed_months s
     cross join lateral (
       select min(x.starts_at) as from_at, max(x.ends_at) as to_at from subctl.usage_day_sums x
        where x.starts_at >= s.from_at and x.ends_at <= s.to_at and x.starts_at >= ${from}::timestamptz and x.ends_at <= ${to}::timestamptz) d
     where s.to_at > ${from}::timestamptz and s.from_at < ${to}::timestamptz and d.from_at is not null
     order by d.from_at`;
  const starts = [from, ...days.map((range) => range.to)];
  const ends = [...days.map((range) => range.from), to];
  return { from, to, days, rest: starts.map((start, n) => ({ from: start, to: ends[n]! })) };
}

/**
 * SQL: the uses of a span as rows with kind, provider, model, plan_id, uses, tokens, cost, unpriced (uses without a price): a row for each
 * day's sum and for each event of the rest. Reversals are negative. The totals are the same with and without daily sums.
 */
export const usesOf = (db: Db, { from, to, days, rest }: SummedSpan) => db`(
  select e.at, e.kind, e.provider, e.model, e.plan_id, case when e.reverses is null then 1 else -1 end as uses, e.tokens, e.cost,
         (e.unpriced and e.reverses is null)::int as unpriced
    from subctl.usage_events e where e.at >= ${from}::timestamptz and e.at < ${to}::timestamptz and (${inOneOf(db, rest)})
  union all
  select d.starts_at, d.kind, d.provider, d.model, d.plan_id, d.uses, d.tokens, d.cost, d.unpriced
    from unnest(${days.map((range) => range.from)}::timestamptz[], ${days.map((range) => range.to)}::timestamptz[]) r(from_at, to_at)
    join subctl.usage_day_sums d on d.starts_at >= r.from_at and d.ends_at <= r.to_at)`;

const inOneOf = (db: Db, ranges: readonly Range[]) =>
  ranges
    .map(({ from, to }) => db`(e.at >= ${from}::timestamptz and e.at < ${to}::timestamptz)`)
    .reduce((all, one) => db`${all} or ${one}`);

/** Counts the customers with usage in each of the months for which that is stored, by the month's start. */
export async function findActiveCustomers(
  db: Db,
  months: readonly { start: Date; end: Date }[],
): Promise<Map<number, number>> {
  const rows = await db<{ start: Date; customers: number }[]>`
    select a.starts_at as start, a.customers
      from unnest(${months.map(({ start }) => instantText(start))}::timestamptz[], ${months.map(({ end }) => instantText(end))}::timestamptz[]) m(from_at, to_at)
      join subctl.usage_active_customers a on a.starts_at = m.from_at and a.ends_at = m.to_at and subctl_internal.is_summed(m.from_at, m.to_at)`;
  return new Map(rows.map(({ start, customers }) => [start.getTime(), customers]));
}
