import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';

/** Runs work in a savepoint: a refusal rolls back that work alone and is returned. */
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
