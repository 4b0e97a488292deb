import type { Db } from '../database/connect.ts';
import { instantText } from '../database/values.ts';
import { readCurrencyCode } from '../domain/currency.ts';
import { type Bucket, calendarBuckets } from '../usage/trend-buckets.ts';
import { perMonth } from './monthly.ts';

/** The business in one calendar month. Uses and cost are null where the events are gone. */
export interface MonthRow extends Bucket {
  uses: number | null;
  tokens: string | null;
  cost: string | null;
  /** who used something */
  active_customers: number | null;
  new_subscriptions: number;
  ended_subscriptions: number;
  /** at its end, or now */
  subscriptions: number;
  /** price times seats a month of those who pay then, in `currency` */
  mrr: string;
}

export interface Trends {
  timezone: string;
  cost_currency: string;
  currency: string;
  /** other currencies in which somebody pays: not in `mrr` */
  other_currencies: string[];
  months: MonthRow[];
}

/**
 * The last `count` calendar months of the settings' zone up to `now`, oldest first; those without anything are there with 0.
 * @throws Failure usage for a currency that is no code
 */
export async function listTrends(
  db: Db,
  { now, count, currency }: { now: Date; count: number; currency?: string | undefined },
): Promise<Trends> {
  if (currency !== undefined) readCurrencyCode(currency, '--currency');
  const [facts] = await db<[{ timezone: string; cost: string; kept: Date | null; currencies: string[] }]>`
    select coalesce(subctl.setting('timezone'), 'UTC') as timezone, coalesce(subctl.setting('cost_currency'), 'USD') as cost,
           subctl.setting('events_from')::timestamptz as kept,
           array(select s.currency from subctl.subscriptions s where s.price > 0 and s.currency is not null group by 1 order by count(*) desc, 1) as currencies`;
  const { timezone, kept, currencies } = facts;
  const shown = currency ?? (currencies.includes(facts.cost) ? facts.cost : (currencies[0] ?? facts.cost));
  const months = await calendarBuckets(db, { timezone, now, by: 'month', count });
  const used = await useOf(db, months, now);
  const stood = await standingOf(db, { months, now, currency: shown });
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

async function useOf(db: Db, months: readonly Bucket[], now: Date): Promise<Use[]> {
  const rows = await db<(Use & { n: number })[]>`
    select m.n, u.* from (${listed(db, months)}) m
     cross join lateral (
       select sum(c.uses)::int as uses, trim_scale(coalesce(sum(c.tokens), 0))::text as tokens, trim_scale(coalesce(sum(c.cost), 0))::text as cost,
              count(*)::int as active_customers
         from (select sum(case when e.reverses is null then 1 else -1 end) as uses, sum(e.tokens) as tokens, sum(e.cost) as cost
                 from subctl.usage_events e
                where e.at >= m.from_at and e.at < m.to_at and e.at <= ${now} and ${within(db, months)} group by e.customer_id) c) u
     where u.uses is not null`;
  const found: Use[] = [];
  for (const { n, ...use } of rows) found[n] = use;
  return found;
}

/** SQL: `s` was chosen, and is no fallback plan that was written. */
const chosen = (db: Db) => db`not (s.assigned_by = 'subctl' and s.collection = 'free')`;

/** SQL: `s` is live. */
const live = (db: Db) => db`s.status in ('trialing', 'active', 'past_due', 'paused')`;

/**
 * SQL: the live subscriptions whose row does not say by its own dates that they run at now, as `standings` reads it: only these can be
 * over at now without a task having written it.
 */
const doubtful = (db: Db, now: Date) => db`
  select s.customer_id, s.id from subctl.subscriptions s
   where ${live(db)} and ${chosen(db)}
     and not (s.status in ('trialing', 'active') and s.from_at <= ${now} and s.current_period_start <= ${now} and s.current_period_end > ${now}
              and not exists (select from subctl.customers c where c.id = s.customer_id and c.disabled_at <= ${now})
              and (s.collection <> 'invoice' or not exists (
                select from subctl.invoices i where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= ${now})))`;

/** SQL: `o` is there where `s` is over at now by its dates, whether or not a task has written its end. */
const over = (db: Db) => db`left join over_now o on o.customer_id = s.customer_id and o.id = s.id`;

/**
 * A subscription stands where its last segment before the end of the month says so, and in the month under way its dates; its price is
 * today's, or then's by the catalogue.
 */
async function standingOf(
  db: Db,
  { months, now, currency }: { months: readonly Bucket[]; now: Date; currency: string },
): Promise<Pick<MonthRow, 'new_subscriptions' | 'ended_subscriptions' | 'subscriptions' | 'mrr'>[]> {
  const rows = await db<
    (Pick<MonthRow, 'new_subscriptions' | 'ended_subscriptions' | 'subscriptions' | 'mrr'> & { n: number })[]
  >`
    with doubtful as materialized (${doubtful(db, now)}), over_now as materialized (
      select s.customer_id, s.id from doubtful s
        left join subctl.standings(${now}, array(select d.customer_id from doubtful d)) e
          on e.customer_id = s.customer_id and e.subscription_id = s.id and e.basis = 'subscription'
       where e.customer_id is null
    ), phases as materialized (
      select s.started_at, s.ended_at, o.customer_id is not null as over, g.from_at, g.next_at, g.status, g.every, s.quantity,
             s.currency = ${currency} and s.collection in ('invoice', 'charge', 'stripe') as pays,
             case when (g.plan_id, g.version, g.every) = (s.plan_id, s.version, s.every) then s.price else p.amount end as price
        from subctl.subscriptions s ${over(db)}
        join (select g.*, lead(g.from_at) over (partition by g.customer_id, g.subscription_id order by g.from_at) as next_at
                from subctl.subscription_segments g) g on g.customer_id = s.customer_id and g.subscription_id = s.id
        left join subctl.plan_prices p on p.plan_id = g.plan_id and p.version = g.version and p."interval" = g.every and p.currency = s.currency
       where ${chosen(db)}
    ),
         m as (select m.*, m.to_at > ${now} as under_way, least(m.to_at, ${now}::timestamptz + interval '1 microsecond') as until from (${listed(db, months)}) m)
    select m.n,
           (select count(*)::int from subctl.subscriptions s where s.started_at >= m.from_at and s.started_at < m.until and ${chosen(db)}) as new_subscriptions,
           (select count(*)::int from subctl.subscriptions s ${over(db)}
             where ${chosen(db)} and (s.ended_at >= m.from_at and s.ended_at < m.until
                or m.under_way and s.started_at < m.until and o.customer_id is not null)) as ended_subscriptions,
           h.subscriptions, h.mrr
      from m
     cross join lateral (
       select coalesce(sum(x.alike) filter (where x.status in ('trialing', 'active', 'past_due', 'paused')), 0)::int as subscriptions,
              round(coalesce(sum(round(${perMonth(db, 'x')}, 20) * x.alike)
                filter (where x.status in ('active', 'past_due') and x.pays), 0), subctl.currency_scale(${currency}))::text as mrr
         from (select case when g.ended_at < m.until or m.under_way and g.over then 'expired' else g.status end as status,
                      g.every, g.quantity, g.pays, g.price, count(*) as alike
                 from phases g
                where g.started_at < m.until and g.from_at < m.until and (g.next_at is null or g.next_at >= m.until)
                group by 1, 2, 3, 4, 5) x) h
     order by m.n`;
  return rows.map(({ n: _, ...row }) => row);
}

/** SQL: the use lies in one of the months, by bounds that are known when the statement is planned: other partitions are not planned. */
const within = (db: Db, months: readonly Bucket[]) =>
  db`e.at >= ${instantText(months[0]!.start)}::timestamptz and e.at < ${instantText(months.at(-1)!.end)}::timestamptz`;

const listed = (db: Db, months: readonly Bucket[]) => db`
  select * from unnest(${months.map((_, n) => n)}::int[], ${months.map(({ start }) => instantText(start))}::timestamptz[],
                       ${months.map(({ end }) => instantText(end))}::timestamptz[]) b(n, from_at, to_at)`;
