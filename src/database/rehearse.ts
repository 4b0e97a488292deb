import type { Connection, Db } from './connect.ts';
import { inTransaction } from './transaction.ts';

/**
 * Runs `work` as inTransaction does and undoes all of it, whatever it did: what `--dry-run` shows is what a run does, for it is the
 * same code.
 */
export async function inRehearsal<T>(connection: Connection, work: (tx: Db) => Promise<T>): Promise<T> {
  const held: { done: boolean; value?: T } = { done: false };
  const over = new Error('the rehearsal is over');
  try {
    await inTransaction(connection, async (tx) => {
      held.value = await work(tx);
      held.done = true;
      throw over;
    });
  } catch (error) {
    if (error !== over || !held.done) throw error;
  }
  return held.value as T;
}
