import type { Db } from '../database/connect.ts';

export interface InvoiceRow {
  number: string;
  customer: string;
  status: string;
  /** unpaid and past its due date */
  overdue: boolean;
  total: string;
  currency: string;
  refunded: string;
  /** withdrawn by lost disputes */
  disputed: string;
  plan: string | null;
  period_start: Date | null;
  period_end: Date | null;
  issued_at: Date;
  due_at: Date | null;
  paid_at: Date | null;
  voided_at: Date | null;
  subscription: string | null;
  id: string;
}

export interface InvoiceFilter {
  now: Date;
  customer?: string | undefined;
  /** `overdue` invoices are open and past their due date */
  statuses: readonly string[];
  /** issued from here on */
  from?: Date | undefined;
  /** issued before this */
  to?: Date | undefined;
  /** only those issued before this one: the next page */
  after?: string | undefined;
  limit: number;
}

/** Lists invoices, newest first, with their refunds. */
export async function listInvoices(db: Db, filter: InvoiceFilter): Promise<InvoiceRow[]> {
  const { now, customer = null, statuses, from = null, to = null, after = null, limit } = filter;
  const asked = [...statuses];
  return db<InvoiceRow[]>`
    select i.number, i.customer_id as customer, i.status, i.status = 'open' and i.due_at <= ${now} as overdue, i.total, i.currency,
           (select coalesce(sum(r.amount), 0) from subctl.refunds r
              join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
             where r.customer_id = i.customer_id and p.invoice_id = i.id and r.status = 'refunded') as refunded,
           (select coalesce(sum(k.disputed), 0) from subctl.net_payments k where k.customer_id = i.customer_id and k.invoice_id = i.id) as disputed,
           i.plan_id as plan, i.period_start, i.period_end, i.issued_at, i.due_at, i.paid_at, i.voided_at, i.subscription_id as subscription, i.id
      from subctl.invoices i
     where (${customer}::text is null or i.customer_id = ${customer})
       and (${from}::timestamptz is null or i.issued_at >= ${from}) and (${to}::timestamptz is null or i.issued_at < ${to})
       and (${asked.length}::int = 0 or i.status = any (${asked}::text[]) or ('overdue' = any (${asked}::text[]) and i.status = 'open' and i.due_at <= ${now}))
       and (${after}::text is null or (i.issued_at, i.customer_id, i.number) <
            (select o.issued_at, o.customer_id, o.number from subctl.invoices o where o.number = ${after} order by o.issued_at limit 1))
     order by i.issued_at desc, i.customer_id desc, i.number desc
     limit ${limit}`;
}
