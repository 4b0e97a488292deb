import type { Db } from '../database/connect.ts';

export interface SubscriptionRow {
  customer: string;
  plan: string;
  version: number;
  status: string;
  every: string;
  price: string | null;
  currency: string | null;
  /** paid seats; 1 where the plan is not sold by the seat */
  seats: number;
  pending_seats: number | null;
  collection: string;
  period_start: Date;
  period_end: Date;
  /** of its term; null where it has none */
  ends_at: Date | null;
  renews: boolean;
  pending_plan: string | null;
  assigned_by: string;
  note: string | null;
  started_at: Date;
  ended_at: Date | null;
  subscription: string;
}

export interface SubscriptionFilter {
  now: Date;
  customer?: string | undefined;
  plan?: string | undefined;
  statuses: readonly string[];
  /** periods that end before this instant */
  dueBefore?: Date | undefined;
  /** ended ones too */
  all: boolean;
  /** only customers after this one */
  after?: string | undefined;
  limit: number;
}

/**
 * Lists subscriptions by customer and start, as they are at `now` by their dates (R16); shown_subscription evaluates those whose row is
 * not up to date. A fallback plan is not a subscription (see `basis` of the customer).
 */
export async function listSubscriptions(db: Db, filter: SubscriptionFilter): Promise<SubscriptionRow[]> {
  const { now, customer = null, plan = null, statuses, dueBefore = null, all, after = null, limit } = filter;
  return db<SubscriptionRow[]>`
    with candidates as (
      select s.* from subctl.subscriptions s
       where (${customer}::text is null or s.customer_id = ${customer}) and s.started_at <= ${now}
         and not (s.assigned_by = 'subctl' and s.collection = 'free')
         and (${plan}::text is null or ${plan} in (s.plan_id, s.pending_plan_id) or exists (
           select from subctl.subscription_phases g where g.customer_id = s.customer_id and g.subscription_id = s.id and g.plan_id = ${plan}))
         and (${after}::text is null or s.customer_id > ${after})
    )
    select k.customer_id as customer, v.plan_id as plan, v.version, v.status, v.every, v.price, v.currency, v.quantity as seats,
           v.pending_quantity as pending_seats, v.collection, v.period_start, v.period_end, k.ends_at, v.renews, v.pending_plan,
           k.assigned_by, k.note, k.started_at, case when k.ended_at <= ${now} then k.ended_at end as ended_at, k.id as subscription
      from candidates k
     cross join lateral subctl_internal.shown_subscription(k.customer_id, k.id, ${now}) v
     where (${plan}::text is null or v.plan_id = ${plan})
       and (${dueBefore}::timestamptz is null or v.period_end < ${dueBefore} and v.status not in ('canceled', 'expired'))
       and case when ${statuses.length}::int > 0 then v.status = any (${[...statuses]}::text[])
                else ${all}::boolean or v.status not in ('canceled', 'expired') end
     order by k.customer_id, k.started_at, k.id
     limit ${limit}`;
}
