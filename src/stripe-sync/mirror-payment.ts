import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { mirrorRefunds } from './mirror-refunds.ts';
import type { StripePayment } from './read-payment.ts';

export interface PaymentRequest {
  customer: string;
  /** our invoice */
  invoice: string;
  found: StripePayment;
  attempt: number;
}

/**
 * Syncs a payment of a Stripe invoice with its refunds. Its reference is Stripe's id: seen twice it is one row. The caller has locked the
 * customer.
 */
export async function mirrorPayment(
  tx: Db,
  change: Change,
  { customer, invoice, found, attempt }: PaymentRequest,
): Promise<void> {
  const { id, status, amount, amountMinor, refundedMinor, currency, at, error } = found;
  await tx`
    insert into subctl.payments as p (customer_id, id, invoice_id, provider, reference, provider_id, status, amount, amount_minor, refunded_minor, currency, attempt, at, error, change_id)
    select ${customer}, ${uuid7(at)}, ${invoice}, 'stripe', ${id}, ${id}, ${status}, ${amount}::numeric, ${String(amountMinor)}::bigint,
           ${String(refundedMinor)}::bigint, ${currency}, ${attempt}::int, ${at}, ${error}, ${change.id}
    on conflict (customer_id, provider, reference) do update
      set invoice_id = excluded.invoice_id, status = excluded.status, amount = excluded.amount, amount_minor = excluded.amount_minor,
          refunded_minor = excluded.refunded_minor, currency = excluded.currency, attempt = excluded.attempt, at = excluded.at, error = excluded.error,
          change_id = excluded.change_id
      where (p.invoice_id, p.status, p.amount, p.amount_minor, p.refunded_minor, p.currency, p.attempt, p.at, p.error)
            is distinct from
            (excluded.invoice_id, excluded.status, excluded.amount, excluded.amount_minor, excluded.refunded_minor, excluded.currency, excluded.attempt,
             excluded.at, excluded.error)`;
  const [row] = await tx<[{ id: string }]>`
    select id from subctl.payments where customer_id = ${customer} and provider = 'stripe' and reference = ${id}`;
  await mirrorRefunds(tx, change, { customer, payment: row.id, refunds: found.refunds });
}
