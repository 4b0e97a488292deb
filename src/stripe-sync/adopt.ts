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
  /** leave the customer of Stripe's that it has */
  replace: boolean;
  /** only to be looked at: nothing is kept, here or there */
  rehearsal?: boolean | undefined;
}

/**
 * Takes over what Stripe has of a customer already: subscriptions, invoices, payments, with their history; from then on they are
 * mirrored. Stripe's customer gets our id in its metadata. Doing it again finds nothing.
 * What cannot be understood is parked and given back as failed.
 * @throws Failure not_found, conflict when either side belongs to somebody else
 */
export async function adoptCustomer(
  db: Db,
  account: StripeAccount,
  write: Writer,
  asked: Adoption,
): Promise<Mirrored> {
  const { customer, stripeCustomer, at, replace } = asked;
  const found = await account.ask((client) => client.customers.retrieve(stripeCustomer));
  if (found.deleted) throw new Failure('not_found', `Stripe’s customer ${stripeCustomer} was deleted`);
  const owner = found.metadata['subctl_customer'];
  if (owner !== undefined && owner !== customer)
    throw new Failure(
      'conflict',
      `Stripe’s customer ${stripeCustomer} says that it is ${owner}, not ${customer}`,
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
