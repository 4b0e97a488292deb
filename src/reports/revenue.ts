import type { Db } from '../database/connect.ts';
import { lostDisputes } from './lost-disputes.ts';
import { payingAt, perMonth } from './monthly.ts';
import { roundOnce } from './round-once.ts';
import type { Span } from './span.ts';

/** Revenue of one plan in one currency. Amounts are exact decimal strings. */
export interface RevenueRow {
  /** null: invoices without a subscription */
  plan: string | null;
  currency: string;
  /** issued in the span, without voided ones */
  invoiced: string;
  /** payments received in the span, whenever they were invoiced */
  paid: string;
  /** refunded in the span */
  refunded: string;
  /** withdrawn by disputes that were lost in the span */
  disputed: string;
  /** of invoices paid in the span, what settled them beside payments: the customer's balance, credit notes, and out-of-band payments */
  balance: string;
  credit_notes: string;
  out_of_band: string;
  /** billing credits that lowered what was invoiced in the span */
  credits: string;
  /** open at the span's end and due before it */
  overdue: string;
  /** paying subscriptions, and their monthly amount */
  subscriptions: number;
  mrr: string;
}

/**
 * Sums invoiced, paid, refunded and overdue amounts by plan and currency, never converted. Invoices, payments and refunds belong to the
 * plan of the invoice's period, as of the span's end (R29a). MRR is price times seats of every paying subscription that is active or past
 * due at the span's end by its dates, whether or not a task has run: a year is twelve months, and a month 30.4375 days.
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
    ), beside as (
      select i.plan_id as plan, i.currency, sum(i.balance) as balance, sum(i.credit_notes) as credit_notes, sum(i.out_of_band) as out_of_band
        from subctl.invoices i where i.status = 'paid' and i.paid_at >= ${from} and i.paid_at < ${to} group by 1, 2
    ), credited as (
      select i.plan_id as plan, i.currency, -sum(l.amount) as credits
        from subctl.invoice_lines l join subctl.invoices i on i.customer_id = l.customer_id and i.id = l.invoice_id
       where l.kind = 'credits' and i.issued_at >= ${from} and i.issued_at < ${to} and (i.voided_at is null or i.voided_at >= ${to}) group by 1, 2
    ), back as (
      select i.plan_id as plan, r.currency, sum(r.amount) as refunded
        from subctl.refunds r
        join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
        left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
       where r.status = 'refunded' and r.at >= ${from} and r.at < ${to} group by 1, 2
    ), lost as (
      select i.plan_id as plan, d.currency, sum(d.amount) as disputed
        from (${lostDisputes(db, { from, to })}) d
        left join subctl.invoices i on i.customer_id = d.customer_id and i.id = d.invoice_id
       group by 1, 2
    ), monthly as (
      select s.plan_id as plan, s.currency, count(*)::int as subscriptions, sum(round(${perMonth(db, 's')}, 20)) as mrr
        from (${payingAt(db, to)}) s where s.price > 0 group by 1, 2
    )
    select plan, currency, coalesce(sum(invoiced), 0)::text as invoiced, coalesce(sum(paid), 0)::text as paid,
           coalesce(sum(refunded), 0)::text as refunded, coalesce(sum(disputed), 0)::text as disputed, coalesce(sum(balance), 0)::text as balance,
           coalesce(sum(credit_notes), 0)::text as credit_notes, coalesce(sum(out_of_band), 0)::text as out_of_band,
           coalesce(sum(credits), 0)::text as credits, coalesce(sum(overdue), 0)::text as overdue,
           coalesce(sum(subscriptions), 0)::int as subscriptions, coalesce(sum(mrr), 0)::text as mrr
      from asked
      full join came using (plan, currency) full join beside using (plan, currency) full join credited using (plan, currency)
      full join back using (plan, currency) full join lost using (plan, currency) full join monthly using (plan, currency)
     group by 1, 2
    having count(coalesce(invoiced, overdue, paid, refunded, disputed, mrr)) > 0 or sum(balance) <> 0 or sum(credit_notes) <> 0 or sum(out_of_band) <> 0
     order by currency, plan nulls last`;
  const beside = ['disputed', 'balance', 'credit_notes', 'out_of_band', 'credits'] as const;
  return roundOnce(rows, ['invoiced', 'paid', 'refunded', ...beside, 'overdue', 'mrr']);
}
