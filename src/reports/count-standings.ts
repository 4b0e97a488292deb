import type { Db } from '../database/connect.ts';

/** A plan and its customers, by status. */
export interface PlanStanding {
  plan: string;
  trialing: number;
  active: number;
  past_due: number;
  paused: number;
  /** by default, or as the fallback of one that ended */
  others: number;
}

/** Customers and their subscriptions by status, and the plans' credits of each customer's own cycle. */
export interface StandingCounts {
  customers: number;
  without_subscription: number;
  trialing: number;
  active: number;
  past_due: number;
  paused: number;
  credits_allotted: string;
  credits_used: string;
  credits_percent: string | null;
}

/** Counts all customers at `now`, in total and by plan; their standings are evaluated once for both. */
export async function countStandings(
  db: Db,
  { now, past }: { now: Date; past: boolean },
): Promise<{ total: StandingCounts; plans: PlanStanding[] }> {
  const [{ plans, ...total }] = await db<[StandingCounts & { plans: PlanStanding[] }]>`
    with granted as (select * from subctl_internal.plan_credits(${now}, ${past}::boolean)), counted as (
      select s.plan_id, s.basis, case when s.basis = 'subscription' then s.status end as status, count(*)::int as customers,
             sum(coalesce(g.amount, v.credits)) as allotted, sum(g.used) as used
        from subctl_internal.standings(${now}) s
        left join subctl.plan_versions v on v.plan_id = s.plan_id and v.version = s.version and s.access
        left join granted g on g.customer_id = s.customer_id and v.credits is not null
       group by 1, 2, 3
    ), planned as (
      select p.id as plan, p.rank, ${byStatus(db)},
             coalesce(sum(c.customers) filter (where c.basis in ('default', 'fallback')), 0)::int as others
        from subctl.plans p left join counted c on c.plan_id = p.id
       where p.active or c.plan_id is not null
       group by p.id, p.rank
    )
    select coalesce(sum(c.customers), 0)::int as customers,
           coalesce(sum(c.customers) filter (where c.status is null or c.status in ('canceled', 'expired')), 0)::int as without_subscription,
           ${byStatus(db)},
           trim_scale(coalesce(sum(c.allotted), 0))::text as credits_allotted, trim_scale(coalesce(sum(c.used), 0))::text as credits_used,
           round(sum(c.used) * 100 / nullif(sum(c.allotted), 0), 2)::text as credits_percent,
           (select coalesce(json_agg(json_build_object('plan', p.plan, 'trialing', p.trialing, 'active', p.active, 'past_due', p.past_due,
                     'paused', p.paused, 'others', p.others) order by p.rank nulls last, p.plan collate "C"), '[]') from planned p) as plans
      from counted c`;
  return { total, plans };
}

const byStatus = (db: Db) => db`
  coalesce(sum(c.customers) filter (where c.status = 'trialing'), 0)::int as trialing,
  coalesce(sum(c.customers) filter (where c.status = 'active'), 0)::int as active,
  coalesce(sum(c.customers) filter (where c.status = 'past_due'), 0)::int as past_due,
  coalesce(sum(c.customers) filter (where c.status = 'paused'), 0)::int as paused`;
