import type postgres from 'postgres';
import type { Db } from './connect.ts';

/**
 * Runs `work` inside the transaction `tx` so that it alone is undone when it throws, and throws what it threw. The caller may go on
 * after catching it, which postgres.js allows in no other way: an error caught without a savepoint still ends the transaction.
 */
export async function inSavepoint<T>(tx: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return (await (tx as unknown as postgres.TransactionSql).savepoint(work as never)) as T;
}
