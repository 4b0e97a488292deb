import type Stripe from 'stripe';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import { outcomeOf } from '../payments/stripe-charges.ts';
import { instantOf } from '../payments/stripe-values.ts';

/** A Stripe payment in our terms. */
export interface StripePayment {
  /** of the intent, or of a charge without one */
  id: string;
  status: string;
  amount: string;
  amountMinor: bigint;
  refundedMinor: bigint;
  currency: string;
  at: Date;
  error: string | null;
  /** oldest first */
  refunds: readonly Stripe.Refund[];
}

/** Reads an intent with its refunds: the amount received once it is paid, and the requested amount until then. */
export function readIntent(intent: Stripe.PaymentIntent, refunds: readonly Stripe.Refund[]): StripePayment {
  const outcome = outcomeOf(intent);
  const { latest_charge: charge } = intent;
  const isPaid = outcome.status === 'paid';
  const charged = charge !== null && typeof charge === 'object' ? charge.created : intent.created;
  return completed(intent, refunds, {
    status: outcome.status === 'canceled' ? 'declined' : outcome.status,
    minor: isPaid
      ? minorFromNumber(intent.amount_received, `amount_received of ${intent.id}`)
      : minorFromNumber(intent.amount, `amount of ${intent.id}`),
    at: isPaid ? Math.max(intent.created, charged) : intent.created,
    error: errorOf(outcome),
  });
}

/** Why the payment failed; null while it may still arrive, and once it did. */
function errorOf(outcome: ReturnType<typeof outcomeOf>): string | null {
  if (outcome.status === 'declined') return `${outcome.code}: ${outcome.message}`;
  return outcome.status === 'canceled' ? 'canceled' : null;
}

const chargeStatuses: Readonly<Record<string, string>> = { succeeded: 'paid', pending: 'processing' };

/** Reads a charge without an intent, as Stripe created them until 2019. */
export function readCharge(charge: Stripe.Charge, refunds: readonly Stripe.Refund[]): StripePayment {
  const isPaid = charge.status === 'succeeded';
  return completed(charge, refunds, {
    status: chargeStatuses[charge.status] ?? 'declined',
    minor: minorFromNumber(isPaid ? charge.amount_captured : charge.amount, `amount of ${charge.id}`),
    at: charge.created,
    error: charge.status === 'failed' ? `${charge.failure_code}: ${charge.failure_message}` : null,
  });
}

function completed(
  { id, currency: code }: { id: string; currency: string },
  refunds: readonly Stripe.Refund[],
  { status, minor, at, error }: { status: string; minor: bigint; at: number; error: string | null },
): StripePayment {
  const currency = code.toUpperCase();
  const back = refunds
    .filter((refund) => refund.status === 'succeeded')
    .reduce((sum, refund) => sum + minorFromNumber(refund.amount, `amount of ${refund.id}`), 0n);
  const refundedStatus = back === minor ? 'refunded' : 'partially_refunded';
  return {
    ...{ id, currency, error, refunds, amountMinor: minor, refundedMinor: status === 'paid' ? back : 0n },
    amount: fromMinorUnits(minor, currency),
    at: instantOf(at),
    status: status === 'paid' && back > 0n ? refundedStatus : status,
  };
}
