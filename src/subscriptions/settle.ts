import type { CaughtUpPart } from '../database/catch-up-required.ts';
import { callRows } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { catchUpFirst } from '../database/catch-up-first.ts';

/**
 * Writes what the tasks have not yet written about some customers: ends, renewals, ended trials, pending changes, and the credits of the
 * periods until now; each at its true instant. Changes of a subscription build on that. Locks the customers.
 * @throws Behind where so much was missed that it must first be settled in batches
 */
export async function settleSubscriptions(
  tx: Db,
  change: Change,
  customers: readonly string[],
): Promise<void> {
  const ids = [...customers];
  await catchUpFirst(tx, change, async (inner, { at, id }, most) => {
    const [part] = await callRows(inner, 'subctl_internal.settle_part', {
      p_as_of: at,
      p_customers: ids,
      p_change: id,
      p_most: most,
    });
    return part as CaughtUpPart;
  });
}
