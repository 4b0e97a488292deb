import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import { outcomeOf } from '../payments/stripe-charges.ts';
import { instantOf } from '../payments/stripe-values.ts';

export interface PaymentRequest {
  customer: string;
  /** our invoice */
  invoice: string;
  intent: Stripe.PaymentIntent;
  attempt: number;
  /** the oldest first */
  refunds: readonly Stripe.Refund[];
}

/**
 * Makes a payment here what it is at Stripe, with what was given back of it. Its reference is the intent's id: seen twice it is one row
 * (G46, defect 74). The caller has locked the customer.
 */
export async function mirrorPayment(
  tx: Db,
  change: Change,
  { customer, invoice, intent, attempt, refunds }: PaymentRequest,
): Promise<void> {
  const currency = intent.currency.toUpperCase();
  const amount = fromMinorUnits(minorFromNumber(intent.amount), currency);
  const outcome = outcomeOf(intent);
  const back = refunds
    .filter(({ status }) => status === 'succeeded')
    .reduce((sum, each) => sum + each.amount, 0);
  const status =
    outcome.status !== 'paid'
      ? outcome.status === 'canceled'
        ? 'declined'
        : outcome.status
      : back === 0
        ? 'paid'
        : back === intent.amount
          ? 'refunded'
          : 'partially_refunded';
  const error =
    outcome.status === 'declined'
      ? `${outcome.code}: ${outcome.message}`
      : outcome.status === 'canceled'
        ? 'canceled'
        : null;
  const at = instantOf(intent.created);
  const [row] = await tx<[{ id: string }]>`
    insert into subctl.payments as p (customer_id, id, invoice_id, provider, reference, provider_id, status, amount, amount_minor, refunded_minor, currency, attempt, at, error, change_id)
    select ${customer}, ${uuid7(at)}, ${invoice}, 'stripe', ${intent.id}, ${intent.id}, ${status}, ${amount}::numeric, ${String(intent.amount)}::bigint,
           ${String(back)}::bigint, ${currency}, ${attempt}::int, ${at}, ${error}, ${change.id}
    on conflict (customer_id, provider, reference) do update
      set status = excluded.status, refunded_minor = excluded.refunded_minor, error = excluded.error, attempt = excluded.attempt, invoice_id = excluded.invoice_id,
          change_id = case when (p.status, p.refunded_minor) is distinct from (excluded.status, excluded.refunded_minor) then excluded.change_id else p.change_id end
    returning id`;
  for (const refund of refunds) await mirrorRefund(tx, change, { customer, payment: row.id, refund });
}

const refundStatuses: Record<string, string> = {
  succeeded: 'refunded',
  failed: 'failed',
  canceled: 'failed',
};

async function mirrorRefund(
  tx: Db,
  change: Change,
  { customer, payment, refund }: { customer: string; payment: string; refund: Stripe.Refund },
): Promise<void> {
  const currency = refund.currency.toUpperCase();
  const amount = fromMinorUnits(minorFromNumber(refund.amount), currency);
  const status = refundStatuses[refund.status ?? ''] ?? 'pending';
  const at = instantOf(refund.created);
  // one that was given from here has a reference of ours, and Stripe's id beside it
  await tx`
    update subctl.refunds set status = ${status} where customer_id = ${customer} and payment_id = ${payment} and provider_id = ${refund.id} and status <> ${status}`;
  await tx`
    insert into subctl.refunds as r (customer_id, id, payment_id, provider, reference, provider_id, status, amount, amount_minor, currency, at, reason, change_id)
    select ${customer}, ${uuid7(at)}, ${payment}, 'stripe', ${refund.id}, ${refund.id}, ${status}, ${amount}::numeric,
           ${String(refund.amount)}::bigint, ${currency}, ${at}, ${refund.reason}, ${change.id}
     where not exists (select from subctl.refunds o where o.customer_id = ${customer} and o.payment_id = ${payment} and o.provider_id = ${refund.id})`;
}
