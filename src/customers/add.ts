import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { refuseSecrets } from '../database/secrets.ts';
import { Failure } from '../domain/failure.ts';
import { checkId } from './customer-id.ts';
import { type Customer, getCustomer } from './find-customer.ts';
import { type NewCustomer, checkZones, insertCustomers } from './insert-customers.ts';

/**
 * Adds one customer.
 * @throws Failure usage for an invalid id, conflict when the customer exists; nothing is changed then
 */
export async function addCustomer(tx: Db, change: Change, customer: NewCustomer): Promise<Customer> {
  await checkId(tx, customer.id, 'customer');
  await checkZones(tx, customer.timezone ? [customer.timezone] : []);
  await refuseSecrets(tx, [{ name: customer.name, metadata: customer.metadata }]);
  const made = await insertCustomers(tx, change, [customer]);
  if (made.size > 0) return getCustomer(tx, customer.id);
  throw new Failure('conflict', `Customer '${customer.id}' already exists; nothing was changed`, {
    hint: `Show it: subctl customers show ${customer.id}; edit it: subctl customers edit ${customer.id}`,
  });
}
