import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { refuseSecrets } from '../database/secrets.ts';
import { Failure } from '../domain/failure.ts';
import { type CustomerFields, fieldNames } from './customer-fields.ts';
import { type Customer, getCustomer, needCustomer } from './find-customer.ts';
import { checkZones } from './insert-customers.ts';
import { updateCustomers } from './update-customers.ts';

export interface Edited {
  customer: Customer;
  changed: boolean;
}

/**
 * Edits a customer; undefined fields stay, null removes a value. The kind cannot change.
 * @throws Failure not_found, usage when no field is given and for a text that has a secret in it
 */
export async function editCustomer(
  tx: Db,
  change: Change,
  { id, ...asked }: { id: string } & Omit<CustomerFields, 'kind'>,
): Promise<Edited> {
  await needCustomer(tx, id);
  const fields = fieldNames.filter((name) => name !== 'kind').filter((name) => asked[name] !== undefined);
  if (fields.length === 0) {
    throw new Failure('usage', `No field of customer ${id} is given`, {
      hint: 'Give --name, --email, --timezone, --currency or --metadata; an empty metadata is {}',
    });
  }
  if (asked.timezone) await checkZones(tx, [asked.timezone]);
  await refuseSecrets(tx, [{ name: asked.name, metadata: asked.metadata }]);
  const changed = await updateCustomers(tx, change, { fields, customers: [{ id, ...asked }] });
  return { customer: await getCustomer(tx, id), changed: changed.size > 0 };
}
