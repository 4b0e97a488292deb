import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { type SummedSpan, findSums, usesOf } from './event-sums.ts';
import type { Span } from './span.ts';

/** A plan in numbers. `share` is its part of all live subscriptions in percent. */
export interface PlanCount {
  plan: string;
  name: string;
  active: boolean;
  subscribers: number;
  share: string | null;
  /** customers who have the plan without a subscription: by default, or as the fallback of one that ended */
  others: number;
  /** credits, or with a meter the sum of its limits; null is unlimited */
  allotted: string | null;
  used: string;
  percent: string | null;
  events: number;
  cost: string;
}

export interface PlanCounting {
  now: Date;
  /** `now` may lie in the past */
  past: boolean;
  span: Span;
}

/** Counts subscribers and credits per plan at `now`, and events and cost of the span. Every plan has a row. */
export async function countPlans(db: Db, { now, past, span }: PlanCounting): Promise<PlanCount[]> {
  const sums = await findSums(db, span);
  return db<PlanCount[]>`
    with granted as (select * from subctl_internal.plan_credits(${now}, ${past}::boolean)), counted as (
      select s.plan_id, count(*) filter (where s.basis = 'subscription')::int as subscribers,
             count(*) filter (where s.basis <> 'subscription')::int as others,
             sum(coalesce(g.amount, v.credits)) as allotted, coalesce(sum(g.used), 0) as used,
             bool_or(v.credits_unlimited) as unlimited
        from subctl_internal.standings(${now}) s
        left join subctl.plan_versions v on v.plan_id = s.plan_id and v.version = s.version and s.access
        left join granted g on g.customer_id = s.customer_id and v.credits is not null
       where s.basis <> 'none' and s.status not in ('canceled', 'expired')
       group by 1
    )
    select ${planColumns(db)}
           case when not coalesce(c.unlimited, false) then trim_scale(coalesce(c.allotted, 0))::text end as allotted,
           trim_scale(coalesce(c.used, 0))::text as used,
           case when not coalesce(c.unlimited, false) then round(c.used * 100 / nullif(c.allotted, 0), 2)::text end as percent,
           ${spendColumns(db)}
      from subctl.plans p
      left join counted c on c.plan_id = p.id
      ${spendOf(db, sums)}
     order by p.rank nulls last, p.id collate "C"`;
}

/**
 * Counts the same per plan for one meter: `allotted` is the sum of the limits of all customers on the plan in the windows of the name
 * `window` that are open at `now`, `used` what they used of them.
 * @throws Failure not_found when no plan limits or counts the meter in such a window
 */
export async function countPlansByMeter(
  db: Db,
  { now, span, meter, window }: PlanCounting & { meter: string; window: string },
): Promise<PlanCount[]> {
  await findMeterWindow(db, meter, window);
  const sums = await findSums(db, span);
  return db<PlanCount[]>`
    with used as (
      select w.customer_id, sum(w.used) as used from subctl_internal.windows_at(${now}) w
       where w.meter_id = ${meter} and w.win = ${window} and w.scope = 'customer' group by 1
    ), counted as (
      select s.plan_id, count(*) filter (where s.basis = 'subscription')::int as subscribers,
             count(*) filter (where s.basis <> 'subscription')::int as others,
             sum(coalesce(o.limit_value, l.limit_value)) as allotted, coalesce(sum(u.used), 0) as used,
             bool_or(case when o.customer_id is not null then o.limit_value is null else l.limit_value is null end) as unlimited
        from subctl_internal.standings(${now}) s
        left join subctl.plan_limits l
          on l.plan_id = s.plan_id and l.version = s.version and l.meter_id = ${meter} and l."window" = ${window} and l.scope = 'customer'
        left join subctl.limit_overrides o
          on o.customer_id = s.customer_id and o.meter_id = ${meter} and o."window" = ${window} and o.scope = 'customer'
         and o.starts_at <= ${now} and (o.ends_at is null or o.ends_at > ${now})
        left join used u on u.customer_id = s.customer_id
       where s.basis <> 'none' and s.status not in ('canceled', 'expired')
       group by 1
    )
    select ${planColumns(db)}
           case when not coalesce(c.unlimited, true) then trim_scale(c.allotted)::text end as allotted,
           trim_scale(coalesce(c.used, 0))::text as used,
           case when not coalesce(c.unlimited, true) then round(c.used * 100 / nullif(c.allotted, 0), 2)::text end as percent,
           ${spendColumns(db)}
      from subctl.plans p
      left join counted c on c.plan_id = p.id
      ${spendOf(db, sums)}
     order by p.rank nulls last, p.id collate "C"`;
}

const planColumns = (db: Db) => db`
  p.id as plan, p.name, p.active, coalesce(c.subscribers, 0) as subscribers,
  round(coalesce(c.subscribers, 0) * 100.0 / nullif(sum(c.subscribers) over (), 0), 2)::text as share,
  coalesce(c.others, 0) as others,`;

const spendColumns = (db: Db) =>
  db`coalesce(e.events, 0)::int as events, trim_scale(coalesce(e.cost, 0))::text as cost`;

const spendOf = (db: Db, sums: SummedSpan) => db`
  left join (select u.plan_id, sum(u.uses) as events, sum(u.cost) as cost from ${usesOf(db, sums)} u group by 1) e on e.plan_id = p.id`;

async function findMeterWindow(db: Db, meter: string, window: string): Promise<void> {
  const rows = await db<{ window: string | null }[]>`
    select w."window" from subctl.meters m left join subctl.meter_windows w on w.meter_id = m.id and w.scope = 'customer'
     where m.id = ${meter} order by w."window" collate "C"`;
  if (rows.length === 0)
    throw new Failure('not_found', `There is no meter ${meter}`, { hint: 'subctl meters list' });
  const known = rows.map((row) => row.window).filter((name) => name !== null);
  if (known.includes(window)) return;
  throw new Failure('not_found', `No plan counts the meter ${meter} per ${window}`, {
    hint:
      known.length > 0
        ? `It is counted per ${known.join(', ')}: choose one with --window`
        : 'No plan counts it',
  });
}
