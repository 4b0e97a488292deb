import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type Customer, getCustomer, lockCustomer } from './find-customer.ts';

/**
 * Takes a customer's access away from the change's instant on, or gives it back; the subscription runs on. Nothing happens when it is
 * so already. Failure not_found.
 */
export async function setDisabled(
  tx: Db,
  change: Change,
  { id, disabled }: { id: string; disabled: boolean },
): Promise<Customer> {
  const before = await lockCustomer(tx, id);
  if ((before.disabledAt !== null) === disabled) return before;
  await tx`update subctl.customers set disabled_at = ${disabled ? change.at : null}, change_id = ${change.id} where id = ${id}`;
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
