import type { Db } from '../database/connect.ts';
import { instantText } from '../database/values.ts';
import { readCurrencyCode } from '../domain/currency.ts';
import { type Bucket, calendarBuckets } from '../usage/trend-buckets.ts';
import { findActiveCustomers, findSums, usesOf } from './event-sums.ts';
import { type MonthlySubscriptions, countMonthly } from './subscription-trends.ts';

/** The business in one calendar month. Uses and cost are null where the events were deleted. */
export interface MonthRow extends Bucket, MonthlySubscriptions {
  uses: number | null;
  tokens: string | null;
  cost: string | null;
  /** customers with usage */
  active_customers: number | null;
}

export interface Trends {
  timezone: string;
  cost_currency: string;
  currency: string;
  /** other currencies with paying customers: not in `mrr` */
  other_currencies: string[];
  months: MonthRow[];
}

/**
 * Reports the last `count` calendar months of the settings' time zone up to `now`, oldest first; empty months have 0.
 * @throws Failure usage for an invalid currency code
 */
export async function listTrends(
  db: Db,
  { now, count, currency }: { now: Date; count: number; currency?: string | undefined },
): Promise<Trends> {
  if (currency !== undefined) readCurrencyCode(currency, '--currency');
  const [facts] = await db<[{ timezone: string; cost: string; kept: Date | null; currencies: string[] }]>`
    select coalesce(subctl_internal.setting('timezone'), 'UTC') as timezone, coalesce(subctl_internal.setting('cost_currency'), 'USD') as cost,
           subctl_internal.setting('events_from')::timestamptz as kept,
           array(select s.currency from subctl.subscriptions s where s.price > 0 and s.currency is not null group by 1 order by count(*) desc, 1) as currencies`;
  const { timezone, kept, currencies } = facts;
  const shown = currency ?? (currencies.includes(facts.cost) ? facts.cost : (currencies[0] ?? facts.cost));
  const months = await calendarBuckets(db, { timezone, now, by: 'month', count });
  const used = await useOf(db, months, now);
  const stood = await countMonthly(db, { months, now, currency: shown });
  return {
    timezone,
    cost_currency: facts.cost,
    currency: shown,
    other_currencies: currencies.filter((each) => each !== shown),
    months: months.map((month, n) => ({
      ...month,
      ...(kept !== null && month.start < kept ? nothingKnown : (used[n] ?? nothingUsed)),
      ...stood[n]!,
    })),
  };
}

type Use = Pick<MonthRow, 'uses' | 'tokens' | 'cost' | 'active_customers'>;
const nothingUsed: Use = { uses: 0, tokens: '0', cost: '0', active_customers: 0 };
const nothingKnown: Use = { uses: null, tokens: null, cost: null, active_customers: null };

/** Months with stored active customers have daily sums for all their days; the events of the others are read. */
async function useOf(db: Db, months: readonly Bucket[], now: Date): Promise<Use[]> {
  const active = await findActiveCustomers(
    db,
    months.filter(({ complete }) => complete),
  );
  const found: Use[] = [];
  const numbered = months.map((month, n) => ({ ...month, n }));
  const kept = numbered.filter(({ start }) => active.has(start.getTime()));
  for (const { n, ...use } of await sumKept(db, kept))
    found[n] = { ...use, active_customers: active.get(months[n]!.start.getTime())! };
  const others = numbered.filter(({ start }) => !active.has(start.getTime()));
  for (const { n, ...use } of await sumEvents(db, others, now)) found[n] = use;
  return found;
}

type Numbered = Bucket & { n: number };

async function sumKept(db: Db, months: readonly Numbered[]): Promise<(Use & { n: number })[]> {
  if (months.length === 0) return [];
  const sums = await findSums(db, { from: months[0]!.start, to: months.at(-1)!.end });
  return db<(Use & { n: number })[]>`
    select m.n, sum(u.uses)::int as uses, trim_scale(coalesce(sum(u.tokens), 0))::text as tokens, trim_scale(coalesce(sum(u.cost), 0))::text as cost
      from (${listed(db, months)}) m join ${usesOf(db, sums)} u on u.at >= m.from_at and u.at < m.to_at group by m.n`;
}

async function sumEvents(db: Db, months: readonly Numbered[], now: Date): Promise<(Use & { n: number })[]> {
  if (months.length === 0) return [];
  return db<(Use & { n: number })[]>`
    select m.n, u.* from (${listed(db, months)}) m
     cross join lateral (
       select sum(c.uses)::int as uses, trim_scale(coalesce(sum(c.tokens), 0))::text as tokens, trim_scale(coalesce(sum(c.cost), 0))::text as cost,
              count(*)::int as active_customers
         from (select sum(case when e.reverses is null then 1 else -1 end) as uses, sum(e.tokens) as tokens, sum(e.cost) as cost
                 from subctl.usage_events e
                where e.at >= m.from_at and e.at < m.to_at and e.at <= ${now} and ${within(db, months)} group by e.customer_id) c) u
     where u.uses is not null`;
}

/** SQL: the use lies in one of the months, by bounds that are known at planning time, so that other partitions are not planned. */
const within = (db: Db, months: readonly Bucket[]) =>
  db`e.at >= ${instantText(months[0]!.start)}::timestamptz and e.at < ${instantText(months.at(-1)!.end)}::timestamptz`;

const listed = (db: Db, months: readonly Numbered[]) => db`
  select * from unnest(${months.map(({ n }) => n)}::int[], ${months.map(({ start }) => instantText(start))}::timestamptz[],
                       ${months.map(({ end }) => instantText(end))}::timestamptz[]) b(n, from_at, to_at)`;
