import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';

/** Does the work so that it alone is undone when it is refused, and gives the reason then. */
export async function tryInSavepoint(tx: Db, work: (tx: Db) => Promise<void>): Promise<string | undefined> {
  try {
    await inSavepoint(tx, work);
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal || refusal.kind === 'unavailable') throw error;
    return refusal.message;
  }
}
