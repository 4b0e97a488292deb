import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';

/** An event in the history of a customer's subscriptions. */
export interface HistoryRow {
  at: Date;
  event: string;
  plan: string | null;
  version: number | null;
  status: string | null;
  period_start: Date | null;
  period_end: Date | null;
  amount: string | null;
  currency: string | null;
  detail: string | null;
  actor: string | null;
  change: string | null;
}

/**
 * Lists the history of a customer's subscriptions, oldest first: phases, renewals, resets of usage and invoices, each at its true instant.
 * A reset at the same instant as a phase that includes it is left out. Failure not_found.
 */
export async function listHistory(
  db: Db,
  { customer, limit }: { customer: string; limit?: number | undefined },
): Promise<HistoryRow[]> {
  await needCustomer(db, customer);
  return db<HistoryRow[]>`
    with happened as (
      select g.from_at as at, case when g.status in ('canceled', 'expired') then 0 else 1 end as rank, g.cause as event, g.plan_id as plan, g.version, g.status, null::timestamptz as period_start,
             null::timestamptz as period_end, null::numeric as amount, null as currency, g.reason as detail, g.change_id as change
        from subctl.subscription_phases g where g.customer_id = ${customer}
      union all
      select r.period_start, 2, 'renewal ' || r.outcome, s.plan_id, null, null, r.period_start, r.period_end, r.amount, r.currency, r.reason,
             r.change_id
        from subctl.renewals r
        join lateral (select g.plan_id from subctl.subscription_phases g
                       where g.customer_id = r.customer_id and g.subscription_id = r.subscription_id and g.from_at <= r.period_start
                       order by g.from_at desc limit 1) s on true
       where r.customer_id = ${customer}
      union all
      select u.at, 3, 'usage reset', null, null, null, null, null, null, null, coalesce(u.reason, u.cause), u.change_id
        from subctl.usage_resets u
       where u.customer_id = ${customer}
         and not exists (select from subctl.subscription_phases g
                          where g.customer_id = u.customer_id and g.subscription_id = u.subscription_id and g.from_at = u.at)
      union all
      select i.issued_at, 4, 'invoice ' || i.status, null, null, null, i.period_start, i.period_end, i.total, i.currency, i.number, i.change_id
        from subctl.invoices i where i.customer_id = ${customer}
    )
    select h.at, h.event, h.plan, h.version, h.status, h.period_start, h.period_end, h.amount, h.currency, h.detail, c.actor, h.change
      from happened h
      left join subctl.changes c on c.id = h.change
     order by h.at, h.rank, h.change
     limit ${limit ?? null}`;
}
