import { markDryRun } from './catch-up-required.ts';
import type { Connection, Db } from './connect.ts';
import { inTransaction, type TransactionOptions } from './transaction.ts';

/**
 * Runs `work` as inTransaction does, and undoes all of it when `undo` says so of what it gave: always, unless said otherwise. What a
 * `--dry-run` shows is what a run does, for it is the same code; and a run that found nothing to do leaves no trace.
 */
export async function inDryRun<T>(
  connection: Connection,
  work: (tx: Db) => Promise<T>,
  undo: 'always' | ((value: T) => boolean) = 'always',
  options: TransactionOptions = {},
): Promise<T> {
  const held: { value?: T } = {};
  const over = new Error('the rehearsal is over');
  try {
    return await inTransaction(
      connection,
      async (tx) => {
        if (undo === 'always') await markDryRun(tx);
        const value = await work(tx);
        if (undo !== 'always' && !undo(value)) return value;
        held.value = value;
        throw over;
      },
      options,
    );
  } catch (error) {
    if (error !== over) throw error;
    return held.value as T;
  }
}
