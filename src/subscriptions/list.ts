import type { Db } from '../database/connect.ts';

export interface SubscriptionRow {
  customer: string;
  plan: string;
  version: number;
  status: string;
  every: string;
  price: string | null;
  currency: string | null;
  /** that are paid for; 1 where the plan is not sold by the seat */
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
  /** those that have ended, too */
  all: boolean;
  /** only customers after this one */
  after?: string | undefined;
  limit: number;
}

/**
 * Subscriptions by customer and start. The status is that of `now`: where dates say other than the row, which no task has come to yet,
 * effective_subscription is asked (S13).
 */
export async function listSubscriptions(db: Db, filter: SubscriptionFilter): Promise<SubscriptionRow[]> {
  const { now, customer = null, plan = null, statuses, dueBefore = null, all, after = null, limit } = filter;
  return db<SubscriptionRow[]>`
    with known as (
      select s.*, case when s.ended_at is null and (s.current_period_end <= ${now} or s.grace_until <= ${now} or s.resumes_at <= ${now}
                              or s.collection = 'invoice' and exists (
                                select from subctl.invoices i where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= ${now}))
                       then (select case when e.subscription_id = s.id then e.status
                                         when s.cancel_at_period_end then 'canceled' else 'expired' end
                               from subctl.effective_subscription(s.customer_id, ${now}) e)
                       else s.status end as status_now
        from subctl.subscriptions s
       where (${customer}::text is null or s.customer_id = ${customer})
         and (${plan}::text is null or s.plan_id = ${plan})
         and (${after}::text is null or s.customer_id > ${after})
         and (${dueBefore}::timestamptz is null or (s.current_period_end < ${dueBefore} and s.ended_at is null))
    )
    select k.customer_id as customer, k.plan_id as plan, k.version, k.status_now as status, k.every, k.price, k.currency, k.quantity as seats,
           nullif(k.pending_quantity, k.quantity) as pending_seats, k.collection,
           k.current_period_start as period_start, k.current_period_end as period_end, k.ends_at,
           k.auto_renew and not k.cancel_at_period_end and k.current_period_end is distinct from k.ends_at as renews, k.pending_plan_id as pending_plan, k.assigned_by, k.note, k.started_at,
           k.ended_at, k.id as subscription
      from known k
     where case when ${statuses.length}::int > 0 then k.status_now = any (${[...statuses]}::text[])
                else ${all}::boolean or k.status_now not in ('canceled', 'expired') end
     order by k.customer_id, k.started_at, k.id
     limit ${limit}`;
}
