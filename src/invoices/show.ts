import type { Db } from '../database/connect.ts';
import { type Invoice, getInvoice } from './find-invoice.ts';
import { type PaymentRow, listPayments } from './list-payments.ts';

/** A line as people and programs read it. */
export interface ShownLine {
  kind: string;
  description: string;
  quantity: string;
  unit_amount: string;
  amount: string;
  period_start: Date | null;
  period_end: Date | null;
  /** what was worth more than the charge, and is given up */
  lapsed: string | null;
}

/** An invoice whole: who it is for, its lines, its payments and what was given back. */
export interface ShownInvoice extends Record<string, unknown> {
  number: string;
  customer: string;
  /** of the customer; null where nobody knows */
  name: string | null;
  email: string | null;
  status: Invoice['status'];
  overdue: boolean;
  currency: string;
  total: string;
  /** what has come in, and what of it was given back */
  paid: string;
  refunded: string;
  /** what is still owed */
  due: string;
  issued_at: Date;
  due_at: Date | null;
  paid_at: Date | null;
  voided_at: Date | null;
  period_start: Date | null;
  period_end: Date | null;
  /** of the customer */
  timezone: string;
  lines: ShownLine[];
  payments: PaymentRow[];
}

/** Shows an invoice at `now`, by its number or id. @throws Failure not_found, conflict */
export async function showInvoice(
  db: Db,
  asked: { number: string; customer?: string | undefined; now: Date },
): Promise<ShownInvoice> {
  const { sourceKey, periodStart, periodEnd, issuedAt, dueAt, paidAt, voidedAt, ...invoice } =
    await getInvoice(db, asked);
  const { customer, id } = invoice;
  const lines = await db<ShownLine[]>`
    select kind, description, trim_scale(quantity)::text as quantity, trim_scale(unit_amount)::text as unit_amount, trim_scale(amount)::text as amount,
           period_start, period_end, details->>'lapsed' as lapsed
      from subctl.invoice_lines where customer_id = ${customer} and invoice_id = ${id} order by position`;
  const payments = await listPayments(db, { customer, invoice: invoice.number, statuses: [], limit: 1_000 });
  const [facts] = await db<[Pick<ShownInvoice, 'name' | 'email' | 'timezone' | 'paid' | 'refunded' | 'due'>]>`
    select c.name, c.email, subctl.zone_of(c.id, ${issuedAt}) as timezone, trim_scale(coalesce(m.paid, 0))::text as paid,
           trim_scale(coalesce(m.refunded, 0))::text as refunded,
           case when ${invoice.status} in ('open', 'uncollectible') then ${invoice.total} else '0' end as due
      from subctl.customers c
      left join lateral (
        select sum(p.amount) as paid, sum((select sum(r.amount) from subctl.refunds r
                                            where r.customer_id = p.customer_id and r.payment_id = p.id and r.status = 'refunded')) as refunded
          from subctl.payments p
         where p.customer_id = c.id and p.invoice_id = ${id} and p.status in ('paid', 'refunded', 'partially_refunded')) m on true
     where c.id = ${customer}`;
  const overdue = invoice.status === 'open' && dueAt !== null && dueAt <= asked.now;
  return {
    ...{
      number: invoice.number,
      customer,
      name: facts.name,
      email: facts.email,
      status: invoice.status,
      overdue,
    },
    ...{
      currency: invoice.currency,
      total: invoice.total,
      paid: facts.paid,
      refunded: facts.refunded,
      due: facts.due,
    },
    ...{ issued_at: issuedAt, due_at: dueAt, paid_at: paidAt, voided_at: voidedAt },
    ...{ period_start: periodStart, period_end: periodEnd, timezone: facts.timezone },
    ...{ subscription: invoice.subscription, source_key: sourceKey, id, lines, payments },
  };
}
