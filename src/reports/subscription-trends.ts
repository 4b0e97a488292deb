import type { Db } from '../database/connect.ts';
import { instantText } from '../database/values.ts';
import type { Bucket } from '../usage/trend-buckets.ts';
import { perMonth } from './monthly.ts';

/** The subscriptions of one calendar month. */
export interface MonthlySubscriptions {
  new_subscriptions: number;
  ended_subscriptions: number;
  /** at its end, or now */
  subscriptions: number;
  /** price times seats per month of the paying subscriptions, in the requested currency */
  mrr: string;
}

/** SQL: `s` was chosen by the customer and is not a stored fallback plan. */
const chosen = (db: Db) => db`not (s.assigned_by = 'subctl' and s.collection = 'free')`;

/** SQL: `s` is live. */
const live = (db: Db) => db`s.status in ('trialing', 'active', 'past_due', 'paused')`;

/**
 * SQL: the live subscriptions whose row does not show by its own dates that they run at now, as `standings` reads it: only these can be
 * over at now without a task having stored it.
 */
const doubtful = (db: Db, now: Date) => db`
  select s.customer_id, s.id from subctl.subscriptions s
   where ${live(db)} and ${chosen(db)}
     and not (s.status in ('trialing', 'active') and s.from_at <= ${now} and s.current_period_start <= ${now} and s.current_period_end > ${now}
              and not exists (select from subctl.customers c where c.id = s.customer_id and c.disabled_at <= ${now})
              and (s.collection <> 'invoice' or not exists (
                select from subctl.invoices i where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= ${now})))`;

/** SQL: `o` exists where `s` is over at now by its dates, whether or not a task has stored its end. */
const over = (db: Db) => db`left join over_now o on o.id = s.id and o.customer_id = s.customer_id`;

/**
 * Counts the subscriptions of each month, in order. The status of a subscription is that of its last phase before the end of the month, in
 * the current month that of its dates; its price is the present one, or that of the catalogue at that time. Subscriptions and phases are
 * read once for all months: each is sorted into its months, and equal ones are counted together.
 */
export async function countMonthly(
  db: Db,
  { months, now, currency }: { months: readonly Bucket[]; now: Date; currency: string },
): Promise<MonthlySubscriptions[]> {
  // months are consecutive; the last is the current one and ends at now, included
  const starts = months.map(({ start }) => instantText(start));
  const rows = await db<(MonthlySubscriptions & { n: number })[]>`
    with e as materialized (
      select x.untils, ${starts}::timestamptz[] || x.untils[cardinality(x.untils)] as edges
        from (select ${starts.slice(1)}::timestamptz[]
                     || least(${instantText(months.at(-1)!.end)}::timestamptz, ${now}::timestamptz + interval '1 microsecond') as untils) x
    ), doubtful as materialized (${doubtful(db, now)}), over_now as materialized (
      select s.customer_id, s.id from doubtful s
        left join subctl_internal.standings(${now}, array(select d.customer_id from doubtful d)) e
          on e.customer_id = s.customer_id and e.subscription_id = s.id and e.basis = 'subscription'
       where e.customer_id is null
    ), begun as materialized (
      select width_bucket(s.started_at, e.edges) - 1 as began, width_bucket(s.ended_at, e.edges) - 1 as ended, o.id is not null as over, count(*)::int as alike
        from e cross join subctl.subscriptions s ${over(db)} where ${chosen(db)} group by 1, 2, 3
    ), phases as materialized (
      select greatest(width_bucket(s.started_at, e.untils), width_bucket(g.from_at, e.untils)) as from_n, width_bucket(g.next_at, e.untils) as to_n,
             width_bucket(s.ended_at, e.untils) as ended_n, o.id is not null as over, g.status, g.plan_id, g.version, g.every, s.quantity, s.currency,
             s.collection in ('invoice', 'charge', 'stripe') as pays, (g.plan_id, g.version, g.every) = (s.plan_id, s.version, s.every) as as_today,
             s.price, count(*) as alike
        from e
       cross join subctl.subscriptions s ${over(db)}
        join (select g.*, lead(g.from_at) over (partition by g.subscription_id, g.customer_id order by g.from_at) as next_at
                from subctl.subscription_phases g) g
          on g.subscription_id = s.id and coalesce(g.customer_id = s.customer_id, false)
       where ${chosen(db)}
       group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
    ), priced as materialized (
      select g.from_n, g.to_n, g.ended_n, g.over, g.status, g.every, g.quantity, g.pays and g.currency = ${currency} as pays, g.alike,
             case when g.as_today then g.price else p.amount end as price
        from phases g
        left join subctl.plan_prices p on p.plan_id = g.plan_id and p.version = g.version and p."interval" = g.every and p.currency = g.currency
    )
    select m.n,
           (select coalesce(sum(b.alike), 0)::int from begun b where b.began = m.n) as new_subscriptions,
           (select coalesce(sum(b.alike), 0)::int from begun b
             where b.ended = m.n or m.under_way and b.began <= m.n and b.over) as ended_subscriptions,
           h.subscriptions, h.mrr
      from (select n, n = ${months.length - 1} and ${months.at(-1)!.end}::timestamptz > ${now} as under_way from generate_series(0, ${months.length - 1}) n) m
     cross join lateral (
       select coalesce(sum(x.alike) filter (where x.status in ('trialing', 'active', 'past_due', 'paused')), 0)::int as subscriptions,
              round(coalesce(sum(round(${perMonth(db, 'x')}, 20) * x.alike)
                filter (where x.status in ('active', 'past_due') and x.pays), 0), subctl_internal.currency_scale(${currency}))::text as mrr
         from (select case when m.n >= g.ended_n or m.under_way and g.over then 'expired' else g.status end as status,
                      g.every, g.quantity, g.pays, g.price, g.alike
                 from priced g where m.n >= g.from_n and (g.to_n is null or m.n < g.to_n)) x) h
     order by m.n`;
  return rows.map(({ n: _, ...row }) => row);
}
