import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { catchUpFirst } from '../database/catch-up-first.ts';

/**
 * Posts the credit changes of a customer that are due at an instant: expiries, rollover, the plan's grants.
 * @throws Behind where so much was missed that it must first be posted in batches
 */
export async function settleCredits(tx: Db, change: Change, customer: string): Promise<void> {
  await catchUpFirst(tx, change, async (inner, { at, id }, most) => {
    const done = (await call(inner, 'subctl_internal.post_due_credits', {
      p_customers: [customer],
      p_as_of: at,
      p_change: id,
      p_most: most,
    }))!;
    if (most === null || done === 0) return { done, more: false };
    const behind =
      await inner`select from subctl_internal.pending_credit_expiries(array[${customer}], ${at})`;
    return { done, more: behind.length > 0 };
  });
}
