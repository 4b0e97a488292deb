import type { Db } from '../database/connect.ts';

/** A payment, an attempt, or a refund. */
export interface PaymentRow {
  at: Date;
  customer: string;
  invoice: string | null;
  status: string;
  amount: string;
  refunded: string;
  /** withdrawn by a lost dispute */
  disputed: string;
  currency: string;
  amount_minor: string;
  provider: string;
  reference: string;
  provider_id: string | null;
  attempt: number;
  error: string | null;
  /** when the provider is asked for its state again */
  ask_at: Date | null;
  id: string;
}

export interface PaymentFilter {
  customer?: string | undefined;
  /** by its number */
  invoice?: string | undefined;
  reference?: string | undefined;
  statuses: readonly string[];
  from?: Date | undefined;
  to?: Date | undefined;
  limit: number;
}

/** Lists payments and attempts, newest first. */
export async function listPayments(db: Db, filter: PaymentFilter): Promise<PaymentRow[]> {
  const {
    customer = null,
    invoice = null,
    reference = null,
    statuses,
    from = null,
    to = null,
    limit,
  } = filter;
  const asked = [...statuses];
  return db<PaymentRow[]>`
    select p.at, p.customer_id as customer, i.number as invoice, p.status, trim_scale(p.amount)::text as amount,
           (select trim_scale(coalesce(sum(r.amount), 0))::text from subctl.refunds r
             where r.customer_id = p.customer_id and r.payment_id = p.id and r.status = 'refunded') as refunded,
           coalesce((select trim_scale(k.disputed)::text from subctl.net_payments k where k.customer_id = p.customer_id and k.payment_id = p.id), '0') as disputed,
           p.currency, p.amount_minor::text, p.provider, p.reference, p.provider_id, p.attempt, p.error, p.ask_at, p.id
      from subctl.payments p
      left join subctl.invoices i on i.customer_id = p.customer_id and i.id = p.invoice_id
     where (${customer}::text is null or p.customer_id = ${customer}) and (${invoice}::text is null or i.number = ${invoice})
       and (${reference}::text is null or ${reference} in (p.reference, p.provider_id))
       and (${asked.length}::int = 0 or p.status = any (${asked}::text[]))
       and (${from}::timestamptz is null or p.at >= ${from}) and (${to}::timestamptz is null or p.at < ${to})
     order by p.at desc, p.customer_id, p.id desc
     limit ${limit}`;
}
