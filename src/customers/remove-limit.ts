import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { lockCustomer } from './find-customer.ts';
import { type Override, endOverride, findOverride, keyOf } from './set-limit.ts';
import type { OverrideKey } from './override-key.ts';

/**
 * Ends a customer's own limit at the change's instant: the plan's limit applies again. Its history stays.
 * @throws Failure not_found when the customer has none then
 */
export async function removeLimit(tx: Db, change: Change, key: OverrideKey): Promise<Override> {
  await lockCustomer(tx, key.customer);
  const before = await findOverride(tx, key, change.at);
  if (!before) {
    throw new Failure(
      'not_found',
      `Customer ${key.customer} has no custom limit on ${key.meter} per ${key.window}`,
      {
        hint: `subctl limits list ${key.customer}`,
      },
    );
  }
  await endOverride(tx, key, change.at);
  const after = { ...before, ends_at: change.at };
  await audit(tx, change, [
    { customer: key.customer, entity: 'limit', key: keyOf(key), before: { ...before }, after },
  ]);
  return after;
}
