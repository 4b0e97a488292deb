import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';

/** A dispute, or an early fraud warning, as Stripe has it now. */
export interface Dispute {
  id: string;
  kind: 'dispute' | 'warning';
  stripeCustomer: string | undefined;
  /** Stripe's id of the payment: of the intent, or of a charge without one */
  payment: string;
  amount: string;
  currency: string;
  reason: string;
  status: string;
  at: Date;
}

/** Reads a dispute or a warning from Stripe, with its charge. */
export async function findDispute(
  account: StripeAccount,
  { kind, id }: { kind: 'dispute' | 'warning'; id: string },
): Promise<FoundDispute> {
  const found = await account.ask<FoundDispute['found']>((client) =>
    kind === 'dispute' ? client.disputes.retrieve(id) : client.radar.earlyFraudWarnings.retrieve(id),
  );
  return { found, charge: await account.ask((client) => client.charges.retrieve(idOf(found.charge)!)) };
}

/** A dispute as Stripe returns it, with its charge. */
export interface FoundDispute {
  found: Stripe.Dispute | Stripe.Radar.EarlyFraudWarning;
  charge: Stripe.Charge;
}

/** Reads a dispute or warning: a dispute has its own amount and currency; a warning covers its whole charge. */
export function disputeOf({ found, charge }: FoundDispute): Dispute {
  const isDispute = found.object === 'dispute';
  const { amount, currency: code } = isDispute ? found : charge;
  const currency = code.toUpperCase();
  return {
    id: found.id,
    kind: isDispute ? 'dispute' : 'warning',
    stripeCustomer: idOf(charge.customer),
    payment: idOf(charge.payment_intent) ?? charge.id,
    amount: fromMinorUnits(minorFromNumber(amount, `amount of ${found.id}`), currency),
    currency,
    reason: isDispute ? found.reason : found.fraud_type,
    status: isDispute ? found.status : statusOfWarning(found),
    at: instantOf(found.created),
  };
}

const statusOfWarning = ({ actionable }: { actionable: boolean }): string =>
  actionable ? 'actionable' : 'closed';

/** Reads the disputes of a payment, by its intent or its charge. */
export async function listDisputesOf(account: StripeAccount, charge: Stripe.Charge): Promise<FoundDispute[]> {
  const disputes: FoundDispute[] = [];
  const intent = idOf(charge.payment_intent);
  const of = intent ? { payment_intent: intent } : { charge: charge.id };
  for await (const found of account.pages((client) => client.disputes.list({ ...of, limit: 100 })))
    disputes.push({ found, charge });
  return disputes;
}

/**
 * Stores a dispute of a customer; the newest state wins because it was just read. A lost dispute lowers the kept amount of the payment
 * from when its closing was seen. The caller has locked the customer.
 */
export async function writeDispute(
  tx: Db,
  { customer, dispute, at: now }: { customer: string; dispute: Dispute; at: Date },
): Promise<void> {
  const { id, kind, payment, amount, currency, reason, status, at } = dispute;
  const closedAt = /^(won|lost|closed|warning_closed|prevented)$/.test(status) ? now : null;
  await tx`
    insert into subctl.disputes as d (customer_id, id, kind, provider_id, amount, currency, reason, status, at, closed_at)
    values (${customer}, ${id}, ${kind}, ${payment}, ${amount}, ${currency}, ${reason}, ${status}, ${at}, ${closedAt})
    on conflict (customer_id, id) do update
      set provider_id = excluded.provider_id, amount = excluded.amount, currency = excluded.currency, reason = excluded.reason, status = excluded.status,
          at = excluded.at, closed_at = case when excluded.closed_at is not null then coalesce(d.closed_at, excluded.closed_at) end`;
}

/** Lists the disputes and warnings of all customers or of one, newest first. */
export async function listDisputes(db: Db, customer: string | undefined): Promise<Record<string, unknown>[]> {
  return db<Record<string, unknown>[]>`
    select customer_id as customer, id, kind, provider_id as payment, trim_scale(amount)::text as amount, currency, reason, status, at, closed_at
      from subctl.disputes where ${customer ?? null}::text is null or customer_id = ${customer ?? null}
     order by at desc, id`;
}
