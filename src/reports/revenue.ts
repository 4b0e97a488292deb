import type { Db } from '../database/connect.ts';
import { payingAt, perMonth } from './monthly.ts';
import { roundOnce } from './round-once.ts';
import type { Span } from './span.ts';

/** What came in for one plan in one currency. Amounts are exact decimal strings. */
export interface RevenueRow {
  /** null: invoices of no subscription */
  plan: string | null;
  currency: string;
  /** issued in the span, without what was taken back */
  invoiced: string;
  /** money that came in the span, whenever it was asked for */
  paid: string;
  /** given back in the span */
  refunded: string;
  /** open at the span's end and due before it */
  overdue: string;
  /** subscriptions that pay now, and what they bring a month */
  subscriptions: number;
  mrr: string;
}

/**
 * What was invoiced, paid, given back and is overdue, by plan and currency, never converted. Invoices, payments and refunds belong to the
 * plan of the invoice's period, as they stood at the span's end (R29a). The monthly recurring revenue is price times seats
 * of every subscription that is active or past due and pays, at the span's end and by its dates, whether or not a task has run: a year is
 * twelve months, and a month 30.4375 days.
 */
export async function sumRevenue(db: Db, { from, to }: Span): Promise<RevenueRow[]> {
  const rows = await db<RevenueRow[]>`
    with asked as (
      select i.plan_id as plan, i.currency, sum(i.total) filter (where i.issued_at >= ${from} and i.issued_at < ${to}) as invoiced,
             sum(i.total) filter (where i.due_at < ${to} and (i.paid_at is null or i.paid_at >= ${to})) as overdue
        from subctl.invoices i where i.voided_at is null or i.voided_at >= ${to} group by 1, 2
    ), came as (
      select i.plan_id as plan, p.currency, sum(p.amount) as paid
        from subctl.payments p
        left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
       where p.status in ('paid', 'refunded', 'partially_refunded') and p.at >= ${from} and p.at < ${to} group by 1, 2
    ), back as (
      select i.plan_id as plan, r.currency, sum(r.amount) as refunded
        from subctl.refunds r
        join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
        left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
       where r.status = 'refunded' and r.at >= ${from} and r.at < ${to} group by 1, 2
    ), monthly as (
      select s.plan_id as plan, s.currency, count(*)::int as subscriptions, sum(round(${perMonth(db, 's')}, 20)) as mrr
        from (${payingAt(db, to)}) s where s.price > 0 group by 1, 2
    )
    select plan, currency, coalesce(invoiced, 0)::text as invoiced, coalesce(paid, 0)::text as paid, coalesce(refunded, 0)::text as refunded,
           coalesce(overdue, 0)::text as overdue, coalesce(subscriptions, 0) as subscriptions, coalesce(mrr, 0)::text as mrr
      from (select plan, currency, sum(invoiced) as invoiced, sum(overdue) as overdue, sum(paid) as paid, sum(refunded) as refunded,
                   sum(subscriptions)::int as subscriptions, sum(mrr) as mrr
              from (select plan, currency, invoiced, overdue, null::numeric as paid, null::numeric as refunded, null::int as subscriptions, null::numeric as mrr from asked
                    union all select plan, currency, null, null, paid, null, null, null from came
                    union all select plan, currency, null, null, null, refunded, null, null from back
                    union all select plan, currency, null, null, null, null, subscriptions, mrr from monthly) x
             group by 1, 2) y
     where coalesce(invoiced, overdue, paid, refunded, mrr) is not null
     order by currency, plan nulls last`;
  return roundOnce(rows, ['invoiced', 'paid', 'refunded', 'overdue', 'mrr']);
}
