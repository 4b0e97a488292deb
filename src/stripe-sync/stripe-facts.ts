import Big from 'big.js';
import type { Dispute } from './mirror-dispute.ts';
import { readRefund } from './mirror-refunds.ts';
import type { StripeInvoice, StripeLine } from './read-invoice.ts';
import type { StripePayment } from './read-payment.ts';

/** The facts of each object: by object, then by field. */
export type Facts = Record<string, Record<string, string | null>>;

const exact = (amount: string): string => new Big(amount).toFixed();
const iso = (at: Date | null): string | null => at && at.toISOString();

/** Stripe's facts of an invoice, in the form of `readFacts`. */
export function factsOfInvoice(found: StripeInvoice): Facts {
  return {
    [`invoice ${found.id}`]: {
      ...{ status: found.status, number: found.number, currency: found.currency },
      ...{ total: exact(found.total), balance: exact(found.balance), credit_notes: exact(found.creditNotes) },
      ...{ out_of_band: exact(found.outOfBand), issued_at: iso(found.issuedAt), due_at: iso(found.dueAt) },
      ...{ paid_at: iso(found.paidAt), voided_at: iso(found.voidedAt) },
      ...{ period_start: iso(found.periodStart), period_end: iso(found.periodEnd) },
      lines: found.lines.map(wordsOf).join('; '),
    },
  };
}

function wordsOf({
  kind,
  amount,
  description,
  period_start: start,
  period_end: end,
  details,
}: StripeLine): string {
  const period = start && end ? ` ${iso(start)}/${iso(end)}` : '';
  return `${kind} ${exact(amount)}${period} ×${details?.quantity ?? 1} ${description}`;
}

/** Stripe's facts of a payment and its refunds; of a payment that subctl requested, only what Stripe decides. */
export function factsOfPayment(found: StripePayment, whose: 'own' | 'stripe' = 'stripe'): Facts {
  const { id, status, amount, currency, refundedMinor, at, error, refunds } = found;
  const isOver = /^(paid|refunded|partially_refunded)$/.test(status);
  const own = { status, amount: exact(amount), currency, refunded_minor: String(refundedMinor) };
  const facts: Facts = {};
  if (whose === 'stripe') facts[`payment ${id}`] = { ...own, at: iso(at), error };
  else if (isOver) facts[`payment ${id}`] = own;
  for (const refund of whose === 'own' && !isOver ? [] : refunds) {
    const read = readRefund(refund);
    facts[`refund ${read.id}`] = {
      status: read.status,
      amount: exact(read.amount),
      currency: read.currency,
      error: read.error,
    };
  }
  return facts;
}

/** Stripe's facts of a dispute or a warning. */
export function factsOfDispute({ id, kind, payment, amount, currency, reason, status, at }: Dispute): Facts {
  const name = kind === 'warning' ? `fraud warning ${id}` : `dispute ${id}`;
  return { [name]: { status, amount: exact(amount), currency, reason, payment, at: iso(at) } };
}
