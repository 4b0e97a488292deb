import type { Db } from '../../src/database/connect.ts';
import { instantText } from '../../src/database/values.ts';
import { perMonth } from '../../src/reports/monthly.ts';
import type { NearLimit } from '../../src/reports/near-limits.ts';
import type { MeterUse } from '../../src/reports/open-windows.ts';
import type { MonthlySubscriptions } from '../../src/reports/subscription-trends.ts';
import type { Bucket } from '../../src/usage/trend-buckets.ts';

// What reports read, said in the plainest way: one statement a question, a month after the other. Slow with many customers.

export async function usedOfMeters(db: Db, now: Date): Promise<MeterUse[]> {
  return db<MeterUse[]>`
    select w.meter_id as meter, w.win as "window", count(*)::int as customers, trim_scale(sum(w.used))::text as used,
           trim_scale(sum(w.refused))::text as refused
      from subctl_internal.windows_at(${now}) w
     where w.used > 0 or w.refused > 0
     group by w.meter_id, w.win order by w.meter_id collate "C", w.win collate "C"`;
}

/** Refusals in windows that overlap [from, to). */
export async function refusalsIn(db: Db, from: Date, to: Date): Promise<string> {
  const [row] = await db<[{ refusals: string }]>`
    select trim_scale(coalesce(sum(w.refused), 0))::text as refusals from subctl.window_usage w
     where w.refused > 0 and w.window_start < ${to} and w.window_end > ${from}`;
  return row.refusals;
}

export async function listNearLimits(
  db: Db,
  { now, count }: { now: Date; count: number },
): Promise<NearLimit[]> {
  return db<NearLimit[]>`
    with smallest as (
      select x.meter_id, x.win, x.scope, min(x.value) as value
        from (select l.meter_id, l."window" as win, l.scope, l.limit_value as value from subctl.plan_limits l
              union all
              select o.meter_id, o."window", o.scope, o.limit_value from subctl.limit_overrides o) x
       where x.value > 0 group by 1, 2, 3
    ), w as materialized (
      select x.* from subctl_internal.windows_at(${now}) x
        join smallest l on l.meter_id = x.meter_id and l.win = x.win and l.scope = x.scope and x.used * 100 >= l.value * 80
    )
    select w.customer_id as customer, nullif(w.subject, '') as member, s.plan_id as plan, w.meter_id as meter, w.win as "window", trim_scale(w.used)::text as used,
           trim_scale(l.value)::text as "limit", trim_scale(round(w.used * 100 / l.value, 2))::text as percent, nullif(w.window_end, 'infinity') as resets_at
      from w
      join subctl_internal.standings(${now}, array(select distinct x.customer_id from w x)) s on s.customer_id = w.customer_id and s.access
      left join subctl.limit_overrides o
        on o.customer_id = w.customer_id and o.meter_id = w.meter_id and o."window" = w.win and o.scope = w.scope
       and o.starts_at <= ${now} and (o.ends_at is null or o.ends_at > ${now})
      left join subctl.plan_limits p on p.plan_id = s.plan_id and p.version = s.version and p.meter_id = w.meter_id and p."window" = w.win and p.scope = w.scope
     cross join lateral (select case when o.customer_id is not null then o.limit_value else p.limit_value end as value) l
     where l.value > 0 and w.used * 100 >= l.value * 80
     order by w.used / l.value desc, w.customer_id collate "C", w.meter_id collate "C", w.win collate "C" limit ${count}`;
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
export async function subscriptionsOf(
  db: Db,
  { months, now, currency }: { months: readonly Bucket[]; now: Date; currency: string },
): Promise<MonthlySubscriptions[]> {
  const rows = await db<(MonthlySubscriptions & { n: number })[]>`
    with doubtful as materialized (${doubtful(db, now)}), over_now as materialized (
      select s.customer_id, s.id from doubtful s
        left join subctl_internal.standings(${now}, array(select d.customer_id from doubtful d)) e
          on e.customer_id = s.customer_id and e.subscription_id = s.id and e.basis = 'subscription'
       where e.customer_id is null
    ), phases as materialized (
      select s.started_at, s.ended_at, o.customer_id is not null as over, g.from_at, g.next_at, g.status, g.every, s.quantity,
             s.currency = ${currency} and s.collection in ('invoice', 'charge', 'stripe') as pays,
             case when (g.plan_id, g.version, g.every) = (s.plan_id, s.version, s.every) then s.price else p.amount end as price
        from subctl.subscriptions s ${over(db)}
        join (select g.*, lead(g.from_at) over (partition by g.customer_id, g.subscription_id order by g.from_at) as next_at
                from subctl.subscription_phases g) g on g.customer_id = s.customer_id and g.subscription_id = s.id
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
                filter (where x.status in ('active', 'past_due') and x.pays), 0), subctl_internal.currency_scale(${currency}))::text as mrr
         from (select case when g.ended_at < m.until or m.under_way and g.over then 'expired' else g.status end as status,
                      g.every, g.quantity, g.pays, g.price, count(*) as alike
                 from phases g
                where g.started_at < m.until and g.from_at < m.until and (g.next_at is null or g.next_at >= m.until)
                group by 1, 2, 3, 4, 5) x) h
     order by m.n`;
  return rows.map(({ n: _, ...row }) => row);
}

const listed = (db: Db, months: readonly Bucket[]) => db`
  select * from unnest(${months.map((_, n) => n)}::int[], ${months.map(({ start }) => instantText(start))}::timestamptz[],
                       ${months.map(({ end }) => instantText(end))}::timestamptz[]) b(n, from_at, to_at)`;
