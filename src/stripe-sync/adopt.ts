import { lockCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { linkCustomer } from './find-owner.ts';
import { type Mirrored, mirrorCustomer, type Writer } from './mirror-customer.ts';

export interface Adoption {
  customer: string;
  stripeCustomer: string;
  at: Date;
  /** replace the customer at Stripe that it is linked with */
  replace: boolean;
  /** dry run: nothing is written, here or at Stripe */
  rehearsal?: boolean | undefined;
}

/**
 * Imports what Stripe has of a customer: subscriptions, invoices, payments, with their history; from then on they are kept in sync. The
 * customer at Stripe gets our id in its metadata. Adopting it again finds nothing new. Objects that cannot be read are parked and returned
 * as failed.
 * @throws Failure not_found, conflict when either side is linked with another
 */
export async function adoptCustomer(
  db: Db,
  account: StripeAccount,
  write: Writer,
  asked: Adoption,
): Promise<Mirrored> {
  const { customer, stripeCustomer, at, replace } = asked;
  const found = await account.ask((client) => client.customers.retrieve(stripeCustomer));
  if (found.deleted) throw new Failure('not_found', `Stripe customer ${stripeCustomer} was deleted`);
  const owner = found.metadata['subctl_customer'];
  if (owner !== undefined && owner !== customer)
    throw new Failure(
      'conflict',
      `Stripe customer ${stripeCustomer} has the metadata of ${owner}, not of ${customer}`,
    );
  await write(async (tx, change) => {
    await lockCustomer(tx, customer);
    await linkCustomer(tx, change, { customer, stripeCustomer, replace });
  });
  const mirrored = await mirrorCustomer(db, account, write, { customer, stripeCustomer, at, all: true });
  if (owner === undefined && !asked.rehearsal)
    await account.ask((client) =>
      client.customers.update(stripeCustomer, { metadata: { subctl_customer: customer } }),
    );
  return mirrored;
}
