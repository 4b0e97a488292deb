import type { Db } from '../../database/connect.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Context } from '../context.ts';

/** Runs the statements of a report in one transaction, so that all see the same state of the database. */
export async function inOneSnapshot<T>(context: Context, read: (db: Db) => Promise<T>): Promise<T> {
  return inTransaction(await context.database(), read, { readOnly: true });
}
