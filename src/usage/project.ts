import { needCustomer } from '../customers/find-customer.ts';
import { callRows } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { enoughElapsed } from './enough-elapsed.ts';
import { type CreditProjection, projectCredits } from './project-credits.ts';
import { zoneOf } from './zone.ts';

/** A projection of one limit. Amounts are exact decimals, projected ones rounded half up to six places. */
export interface ProjectedLimit {
  meter: string;
  window: string;
  /** the member, where each member has the limit */
  member: string | null;
  window_start: Date;
  window_end: Date;
  /** the elapsed share of the window */
  elapsed_percent: string;
  used: string;
  limit: string | null;
  enforcement: string;
  percent: string | null;
  /** at the end of the window; null with a reason */
  projected: string | null;
  projected_percent: string | null;
  /** the range of the projection, if the rest of the window goes as in the complete windows before; null with fewer than three of them */
  low: string | null;
  high: string | null;
  complete_windows: number;
  limit_reached: boolean;
  /** when the limit will be reached in this window; null if it will not */
  limit_at: Date | null;
  /** beyond a limit with overage, and its cost */
  over: string | null;
  over_price: string | null;
  over_currency: string | null;
  reason: 'not_enough_history' | null;
}

/** The cost of the billing period's use, by the price list. */
export interface ProjectedCost {
  currency: string | null;
  period_start: Date;
  period_end: Date;
  used: string;
  projected: string | null;
  reason: 'not_enough_history' | null;
}

export interface UsageProjection {
  customer: string;
  plan: string | null;
  status: string;
  /** where the plan comes from */
  basis: 'subscription' | 'fallback' | 'default' | 'none';
  timezone: string;
  method: string;
  limits: ProjectedLimit[];
  cost: ProjectedCost | null;
  credits: CreditProjection | null;
}

export interface Moment {
  now: Date;
  /** `now` may precede the newest events, which are then not included */
  past: boolean;
}

/** How everything is computed; part of the output. */
const projectionMethod =
  'projected = used ÷ the elapsed share of the window, in instants from its own start to its own end; ' +
  'no projection before a day has passed (for windows under ten days, a tenth); ' +
  'low and high: the rest of the window at the slowest and the fastest pace of this one and of three to six complete windows before it';

/**
 * Projects every limit, the cost and the credits of a customer, if the rest of their windows continues as until `now`. Windows without an
 * end and rolling ones have no projection.
 * @throws Failure not_found
 */
export async function projectUsage(
  db: Db,
  customer: string,
  { now, past }: Moment,
): Promise<UsageProjection> {
  await needCustomer(db, customer);
  const [standing] = await callRows(db, 'subctl_internal.standing', { customer, as_of: now });
  return {
    customer,
    plan: standing!.plan_id,
    status: standing!.status!,
    basis: standing!.basis as UsageProjection['basis'],
    timezone: await zoneOf(db, customer, now),
    method: projectionMethod,
    limits: await projectLimits(db, customer, { now, past }),
    cost: await projectCost(db, customer, now),
    credits: await projectCredits(db, customer, now),
  };
}

async function projectLimits(db: Db, customer: string, { now, past }: Moment): Promise<ProjectedLimit[]> {
  return db<ProjectedLimit[]>`
    with asked as (
      select l.meter_id, l.win, l.scope, l.subject, l.limit_value, l.enforcement, l.window_start, l.window_end, u.used, u.used * 100 / nullif(l.limit_value, 0) as percent,
             extract(epoch from ${now}::timestamptz - l.window_start) as gone, extract(epoch from l.window_end - l.window_start) as length
        from subctl.usage_limits(${customer}, ${now}) l
       cross join lateral (
         select case when ${past}::boolean and l.window_start >= coalesce(subctl_internal.setting('events_from')::timestamptz, '-infinity')
                     then subctl_internal.recount_usage(${customer}, l.meter_id, nullif(l.subject, ''), null, l.window_start, ${now}::timestamptz + interval '1 microsecond')
                     else l.used end as used) u
       where isfinite(l.window_start) and isfinite(l.window_end) and l.win not like 'rolling%'
    ), paced as (
      select a.*, h.windows, a.used / nullif(a.gone, 0) as pace, h.slowest, h.fastest, p.overage_price, p.overage_per, s.currency,
             a.gone >= ${enoughElapsed(db, 'a.length')} as known
        from asked a
       cross join lateral subctl_internal.effective_subscription(${customer}, ${now}) e
        left join subctl.subscriptions s on s.customer_id = ${customer} and s.id = e.subscription_id
        left join subctl.plan_limits p on p.plan_id = e.plan_id and p.version = e.version and p.meter_id = a.meter_id and p."window" = a.win and p.scope = a.scope
       cross join lateral (${completeWindows(db, customer)}) h
    ), told as (
      select p.*, round(p.used * p.length / nullif(p.gone, 0), 6) as at_end,
             round(p.used + (p.length - p.gone) * least(p.pace, p.slowest), 6) as low, round(p.used + (p.length - p.gone) * greatest(p.pace, p.fastest), 6) as high,
             ${now}::timestamptz + ceil((p.limit_value - p.used) * p.gone / nullif(p.used, 0))::bigint * interval '1 second' as reached_at
        from paced p
    )
    select meter_id as meter, win as "window", nullif(subject, '') as member, window_start, window_end, trim_scale(round(gone * 100 / length, 2))::text as elapsed_percent,
           trim_scale(used)::text as used, trim_scale(limit_value)::text as "limit", enforcement, trim_scale(round(percent, 2))::text as percent,
           case when known then trim_scale(at_end) end::text as projected,
           case when known and limit_value > 0 then trim_scale(round(at_end * 100 / limit_value, 2)) end::text as projected_percent,
           case when known and windows >= 3 then trim_scale(low) end::text as low, case when known and windows >= 3 then trim_scale(high) end::text as high,
           windows as complete_windows, coalesce(used >= limit_value, false) as limit_reached,
           case when known and used < limit_value and reached_at < window_end then reached_at end as limit_at,
           case when known and enforcement = 'overage' then trim_scale(greatest(at_end - limit_value, 0)) end::text as over,
           case when known and enforcement = 'overage' then trim_scale(round(greatest(at_end - limit_value, 0) * overage_price / overage_per, 6)) end::text as over_price,
           case when enforcement = 'overage' then currency end as over_currency, case when not known then 'not_enough_history' end as reason
      from told`;
}

/**
 * The last six complete windows of the limit `a` before its own: their number, and their slowest and fastest pace a second. A window
 * without use has no row: then the slowest pace is 0. A window that a reset shortened does not count.
 */
const completeWindows = (db: Db, customer: string) => db`
  select count(*)::int as windows, min(case when x.next_start > x.window_end then 0 else x.pace end) as slowest, max(x.pace) as fastest
    from (select w.window_end, (w.used + w.adjusted) / extract(epoch from w.window_end - w.window_start) as pace,
                 coalesce(lead(w.window_start) over (order by w.window_start), a.window_start) as next_start
            from subctl.window_usage w
           where w.customer_id = ${customer} and w.meter_id = a.meter_id and w."window" = a.win and w.scope = a.scope and w.subject = a.subject
             and w.window_start < a.window_start and isfinite(w.window_start) and isfinite(w.window_end)
             and extract(epoch from w.window_end - w.window_start) >= a.length * 0.9
           order by w.window_start desc limit 6) x
   where x.next_start >= x.window_end`;

async function projectCost(db: Db, customer: string, now: Date): Promise<ProjectedCost | null> {
  const [period] = await db<{ start: string; end: string }[]>`
    select e.period_start::text as start, e.period_end::text as "end"
      from subctl_internal.effective_subscription(${customer}, ${now}) e where e.period_start <= ${now} and isfinite(e.period_end)`;
  if (!period) return null;
  // the bounds are known at planning time, so that other partitions are not planned
  const [row] = await db<ProjectedCost[]>`
    with period as (
      select e.*, extract(epoch from ${now}::timestamptz - e.period_start) as gone, extract(epoch from e.period_end - e.period_start) as length,
             (select coalesce(sum(x.cost), 0) from subctl.usage_events x
               where x.customer_id = ${customer} and x.at >= ${period.start}::timestamptz and x.at <= ${now}) as used
        from (select ${period.start}::timestamptz as period_start, ${period.end}::timestamptz as period_end) e
    )
    select subctl_internal.setting('cost_currency') as currency, period_start, period_end, trim_scale(used)::text as used,
           case when gone >= ${enoughElapsed(db, 'length')} then trim_scale(round(used * length / gone, 6)) end::text as projected,
           case when gone < ${enoughElapsed(db, 'length')} then 'not_enough_history' end as reason
      from period`;
  return row ?? null;
}
