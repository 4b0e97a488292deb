import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import type { EventSubject } from './event-subject.ts';

/**
 * Finds the customer at Stripe of an event whose object does not name it: objects of older API versions, refunds and payments of invoices
 * only name the object that they belong to, which names the customer. Undefined when Stripe has none of them.
 */
export async function findPayer(
  account: StripeAccount,
  { intent, charge, invoice, subscription }: EventSubject,
): Promise<string | undefined> {
  const owner = await account
    .ask<{ customer: string | { id: string } | null } | undefined>(async (client) => {
      if (intent) return client.paymentIntents.retrieve(intent);
      if (charge) return client.charges.retrieve(charge);
      if (invoice) return client.invoices.retrieve(invoice);
      return subscription ? client.subscriptions.retrieve(subscription) : undefined;
    })
    .catch(orNothing);
  return idOf(owner?.customer);
}

/** Undefined for an object that Stripe does not have; other failures are thrown. */
export function orNothing(error: unknown): undefined {
  if (error instanceof Failure && error.kind === 'not_found') return undefined;
  throw error;
}

/**
 * Finds our customer by a payment that an event names, where Stripe's customer is not linked: a deleted or replaced one still has refunds
 * and disputes of its payments.
 */
export async function findByPayment(db: Db, intent: string | undefined): Promise<string | undefined> {
  if (intent === undefined) return undefined;
  const [row] = await db<{ id: string }[]>`
    select customer_id as id from subctl.payments where provider_id = ${intent} and provider = 'stripe' limit 1`;
  return row?.id;
}
