import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';

/** A dispute, or a warning that a payment is probably fraud, as Stripe has it now (N17). */
export interface Dispute {
  id: string;
  kind: 'dispute' | 'warning';
  stripeCustomer: string | undefined;
  intent: string | undefined;
  amount: string;
  currency: string;
  reason: string;
  status: string;
  at: Date;
}

/** Reads a dispute or a warning with the charge that it is about. */
export async function readDispute(
  account: StripeAccount,
  { kind, id }: { kind: 'dispute' | 'warning'; id: string },
): Promise<Dispute> {
  const found = await account.ask<Stripe.Dispute | Stripe.Radar.EarlyFraudWarning>((client) =>
    kind === 'dispute' ? client.disputes.retrieve(id) : client.radar.earlyFraudWarnings.retrieve(id),
  );
  const charge = await account.ask((client) => client.charges.retrieve(idOf(found.charge)!));
  const currency = charge.currency.toUpperCase();
  const isDispute = found.object === 'dispute';
  return {
    id,
    kind,
    stripeCustomer: idOf(charge.customer),
    intent: idOf(charge.payment_intent),
    amount: fromMinorUnits(minorFromNumber(isDispute ? found.amount : charge.amount), currency),
    currency,
    reason: isDispute ? found.reason : found.fraud_type,
    status: isDispute ? found.status : found.actionable ? 'actionable' : 'closed',
    at: instantOf(found.created),
  };
}

/** Keeps a dispute with its customer; the newest state wins because it was just read. The caller has locked the customer. */
export async function writeDispute(tx: Db, customer: string, dispute: Dispute): Promise<void> {
  const { id, kind, intent = null, amount, currency, reason, status, at } = dispute;
  await tx`
    insert into subctl.disputes (customer_id, id, kind, provider_id, amount, currency, reason, status, at)
    values (${customer}, ${id}, ${kind}, ${intent}, ${amount}, ${currency}, ${reason}, ${status}, ${at})
    on conflict (customer_id, id) do update set status = excluded.status, reason = excluded.reason, amount = excluded.amount`;
}

/** The disputes and warnings of all customers or of one, the newest first. */
export async function listDisputes(db: Db, customer: string | undefined): Promise<Record<string, unknown>[]> {
  return db<Record<string, unknown>[]>`
    select customer_id as customer, id, kind, provider_id as payment, trim_scale(amount)::text as amount, currency, reason, status, at
      from subctl.disputes where ${customer ?? null}::text is null or customer_id = ${customer ?? null}
     order by at desc, id`;
}
