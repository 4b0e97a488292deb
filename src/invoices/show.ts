import type { Row } from '../database/columns.ts';
import type { Db } from '../database/connect.ts';
import { type Invoice, getInvoice } from './find-invoice.ts';
import { type PaymentRow, listPayments } from './list-payments.ts';
import type { invoiceLines } from '../database/schema/invoices.ts';

/** A line as people and programs read it. */
export interface ShownLine extends Pick<
  Row<typeof invoiceLines>,
  'kind' | 'description' | 'quantity' | 'unit_amount' | 'amount' | 'period_start' | 'period_end'
> {
  /** the part of a credit above the charge, which lapses */
  lapsed: string | null;
}

/** A complete invoice: its customer, its lines, its payments and its refunds. */
export interface ShownInvoice extends Record<string, unknown> {
  number: string;
  customer: string;
  /** of the customer; null where it is not known */
  name: string | null;
  email: string | null;
  status: Invoice['status'];
  overdue: boolean;
  currency: string;
  total: string;
  /** the payments received, and the refunds of them */
  paid: string;
  refunded: string;
  /** withdrawn by lost disputes */
  disputed: string;
  /** what settled a part of it beside payments: the customer's balance, credit notes, and payments outside of the provider */
  balance: string;
  credit_notes: string;
  out_of_band: string;
  /** the amount due */
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

type Facts = Pick<
  ShownInvoice,
  | 'name'
  | 'email'
  | 'timezone'
  | 'paid'
  | 'refunded'
  | 'disputed'
  | 'balance'
  | 'credit_notes'
  | 'out_of_band'
  | 'due'
>;

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
  const [facts] = await db<[Facts]>`
    select c.name, c.email, subctl_internal.zone_of(c.id, ${issuedAt}) as timezone, trim_scale(m.paid)::text as paid, trim_scale(m.refunded)::text as refunded,
           trim_scale(m.disputed)::text as disputed, trim_scale(i.balance)::text as balance, trim_scale(i.credit_notes)::text as credit_notes,
           trim_scale(i.out_of_band)::text as out_of_band,
           case when i.status in ('open', 'uncollectible')
                then trim_scale(greatest(0, i.total - i.balance - i.credit_notes - i.out_of_band))::text else '0' end as due
      from subctl.invoices i
      join subctl.customers c on c.id = i.customer_id
     cross join lateral (
       select coalesce(sum(k.paid), 0) as paid, coalesce(sum(k.refunded), 0) as refunded, coalesce(sum(k.disputed), 0) as disputed
         from subctl.net_payments k where k.customer_id = i.customer_id and k.invoice_id = i.id) m
     where i.customer_id = ${customer} and i.id = ${id}`;
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
      disputed: facts.disputed,
      due: facts.due,
    },
    ...{ balance: facts.balance, credit_notes: facts.credit_notes, out_of_band: facts.out_of_band },
    ...{ issued_at: issuedAt, due_at: dueAt, paid_at: paidAt, voided_at: voidedAt },
    ...{ period_start: periodStart, period_end: periodEnd, timezone: facts.timezone },
    ...{ subscription: invoice.subscription, source_key: sourceKey, id, lines, payments },
  };
}
