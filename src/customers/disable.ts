import { eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type Customer, getCustomer, lockCustomer } from './find-customer.ts';
import { orm } from '../database/orm.ts';
import { customers } from '../database/schema/customers.ts';

/**
 * Disables a customer's access from the change's instant on, or enables it; the subscription continues. Does nothing when the customer is
 * in that state. Failure not_found.
 */
export async function setDisabled(
  tx: Db,
  change: Change,
  { id, disabled }: { id: string; disabled: boolean },
): Promise<Customer> {
  const before = await lockCustomer(tx, id);
  if ((before.disabledAt !== null) === disabled) return before;
  await orm(tx)
    .update(customers)
    .set({ disabledAt: disabled ? change.at : null, changeId: change.id })
    .where(eq(customers.id, id));
  const after = await getCustomer(tx, id);
  await audit(tx, change, [
    {
      customer: id,
      entity: 'customer',
      key: id,
      before: { disabled_at: before.disabledAt },
      after: { disabled_at: after.disabledAt },
    },
  ]);
  return after;
}
