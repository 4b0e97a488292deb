import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import type { EventSubject } from './event-subject.ts';

/**
 * The customer of Stripe's that an event is about, where its object does not say: objects of older versions of the API, refunds and payments
 * of invoices name only what they belong to, and that names the customer. Undefined when Stripe has none of it.
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

/** What Stripe does not have is nothing; any other failure stays one. */
export function orNothing(error: unknown): undefined {
  if (error instanceof Failure && error.kind === 'not_found') return undefined;
  throw error;
}

/**
 * Our customer whose payment an event names, where Stripe's customer is linked with nobody: one that was deleted or replaced there still has
 * refunds and disputes of what it paid.
 */
export async function findByPayment(db: Db, intent: string | undefined): Promise<string | undefined> {
  if (intent === undefined) return undefined;
  const [row] = await db<{ id: string }[]>`
    select customer_id as id from subctl.payments where provider_id = ${intent} and provider = 'stripe' limit 1`;
  return row?.id;
}
