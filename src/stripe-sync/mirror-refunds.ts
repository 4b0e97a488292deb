import type Stripe from 'stripe';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { uuid7 } from '../database/uuid7.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import { instantOf } from '../payments/stripe-values.ts';

const statuses: Record<string, string> = { succeeded: 'refunded', failed: 'failed', canceled: 'failed' };

/** A Stripe refund in our terms. */
export function readRefund(refund: Stripe.Refund) {
  const currency = refund.currency.toUpperCase();
  const minor = minorFromNumber(refund.amount, `amount of ${refund.id}`);
  return {
    id: refund.id,
    status: statuses[refund.status ?? ''] ?? 'pending',
    amount: fromMinorUnits(minor, currency),
    minor,
    currency,
    at: instantOf(refund.created),
    reason: refund.reason,
    error: refund.failure_reason ?? null,
  };
}

/**
 * Syncs the refunds of a payment. One that was requested here keeps its reference and reason and gets Stripe's id, also where the answer
 * was lost: its key is in Stripe's metadata.
 */
export async function mirrorRefunds(
  tx: Db,
  change: Change,
  { customer, payment, refunds }: { customer: string; payment: string; refunds: readonly Stripe.Refund[] },
): Promise<void> {
  for (const refund of refunds) {
    const { id, status, amount, minor, currency, at, reason, error } = readRefund(refund);
    const ours = /^refund:(.+)$/.exec(refund.metadata?.['subctl_key'] ?? '')?.[1] ?? null;
    const known = await tx`
      update subctl.refunds r
         set status = ${status}, provider_id = ${id}, amount = ${amount}, amount_minor = ${String(minor)}::bigint, currency = ${currency}, error = ${error},
             at = case when r.reference = ${id} then ${at} else r.at end, reason = case when r.reference = ${id} then ${reason} else r.reason end
       where r.customer_id = ${customer} and r.payment_id = ${payment} and (r.provider_id = ${id} or r.id::text = ${ours})
      returning 1`;
    if (known.length > 0) continue;
    await tx`
      insert into subctl.refunds (customer_id, id, payment_id, provider, reference, provider_id, status, amount, amount_minor, currency, at, reason, error, change_id)
      select ${customer}, ${uuid7(at)}, ${payment}, 'stripe', ${id}, ${id}, ${status}, ${amount}::numeric, ${String(minor)}::bigint, ${currency}, ${at},
             ${reason}, ${error}, ${change.id}`;
  }
}
