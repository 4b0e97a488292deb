import type { Db } from '../database/connect.ts';

/** What a task will do for a customer, and when it is due. */
export interface Upcoming {
  at: Date;
  customer: string;
  task: string;
  action: string;
  reason: string;
  subject: string;
}

/**
 * Everyone's next personal resets, expiries and renewals that are due by `until`, the soonest first: what the due relations say for that
 * instant, so nothing is promised that the tasks would not do. Calendar windows, which end for all at once, are left out.
 */
export async function listUpcoming(
  db: Db,
  { until, customer = null, count }: { until: Date; customer?: string | null | undefined; count: number },
): Promise<Upcoming[]> {
  return db<Upcoming[]>`
    select due_at as at, customer_id as customer, task, action, reason, subject
      from (select 'reset-credits' as task, * from subctl_internal.due_resets(${until}, ${customer})
            union all
            select 'check-expired', * from subctl_internal.due_expiries(${until}, ${customer})
            union all
            select 'handle-renewals', * from subctl_internal.due_renewals(${until}, ${customer})
            union all   -- changes of plan in periods to come
            select 'handle-renewals', s.customer_id, s.id::text, 'change plan', s.plan_id || ' becomes ' || s.pending_plan_id, s.pending_at
              from subctl.subscriptions s
             where s.pending_at > s.current_period_end and s.pending_at <= ${until} and s.status in ('trialing', 'active')
               and (${customer}::text is null or s.customer_id = ${customer})) d
     order by due_at, customer_id, task, subject
     limit ${count}`;
}

/** The first of each task for one customer, however far off after `now`: the next personal reset, expiry and renewal. */
export async function listNext(db: Db, customer: string, now: Date): Promise<Upcoming[]> {
  const until = new Date(now.getTime() + aCentury);
  const all = await listUpcoming(db, { until, customer, count: 10_000 });
  return all.filter(({ task }, at) => all.findIndex((one) => one.task === task) === at);
}

const aCentury = 36_525 * 86_400_000;
