import { applyOrder } from '../billing/order.ts';
import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { mirrorRefunds } from './mirror-refunds.ts';
import type { StripePayment } from './read-payment.ts';

interface Attempt {
  payment: string;
  invoice: string | null;
  status: string;
}

const open = /^(intended|processing|requires_action)$/;

/**
 * Syncs a payment that subctl requested with Stripe's intent: the amount received, and its refunds, wherever they were made. The next run
 * of its task looks up an attempt that is under way and has another state there. The caller has locked the customer.
 */
export async function mirrorOwnPayment(
  tx: Db,
  change: Change,
  { customer, found, at }: { customer: string; found: StripePayment; at: Date },
): Promise<void> {
  const attempts = await tx<Attempt[]>`
    select id as payment, invoice_id as invoice, status from subctl.payments
     where customer_id = ${customer} and provider = 'stripe' and provider_id = ${found.id} and reference <> provider_id order by attempt desc, at desc`;
  const isPaid = /^(paid|refunded|partially_refunded)$/.test(found.status);
  const taken = attempts.find(({ status }) => /^(paid|refunded|partially_refunded)$/.test(status));
  if (isPaid && taken) return bring(tx, change, { customer, payment: taken.payment, found });
  const waits = attempts.find(({ status }) => open.test(status));
  if (waits && waits.status !== found.status)
    await tx`
      update subctl.payments set ask_at = least(ask_at, ${at}) where customer_id = ${customer} and id = ${waits.payment} and ask_at is not null`;
  if (waits || !isPaid || !attempts[0]) return;
  await settleLate(tx, change, { customer, attempt: attempts[0], found, at });
  await bring(tx, change, { customer, payment: attempts[0].payment, found });
}

interface Bring {
  customer: string;
  payment: string;
  found: StripePayment;
}

async function bring(tx: Db, change: Change, { customer, payment, found }: Bring): Promise<void> {
  const { amount, amountMinor, refundedMinor, currency, status, refunds } = found;
  await tx`
    update subctl.payments p
       set status = ${status}, amount = ${amount}, amount_minor = ${String(amountMinor)}::bigint, refunded_minor = ${String(refundedMinor)}::bigint,
           currency = ${currency}, change_id = ${change.id}
     where p.customer_id = ${customer} and p.id = ${payment}
       and (p.status, p.amount, p.amount_minor, p.refunded_minor, p.currency)
           is distinct from (${status}::text, ${amount}::numeric, ${String(amountMinor)}::bigint, ${String(refundedMinor)}::bigint, ${currency}::text)`;
  await mirrorRefunds(tx, change, { customer, payment, refunds });
}

/** A payment that arrived after a decline pays what it was requested for, or is refunded. */
async function settleLate(
  tx: Db,
  change: Change,
  { customer, attempt, found, at }: { customer: string; attempt: Attempt; found: StripePayment; at: Date },
): Promise<void> {
  const { payment, invoice } = attempt;
  await call(tx, 'subctl_internal.settle_charge', {
    p_customer: customer,
    p_payment: payment,
    p_outcome: 'paid',
    p_provider_id: found.id,
    p_error: null,
    p_final: false,
    p_url: null,
    p_at: at,
    p_as_of: at,
    p_change: change.id,
  });
  if (invoice === null) await applyOrder(tx, change, { customer, payment });
}
