import { type Column, sql } from 'drizzle-orm';
import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import type { Db } from './connect.ts';

/** drizzle's typed builder, for the rows of one table. Sets are written as SQL. */
export type Orm = PgRemoteDatabase<Record<string, never>>;

/**
 * drizzle over the same handle: its statements run on `db`'s connection, inside its transaction if it is one, with the value rules
 * of that handle (drizzle's own postgres.js driver would change them for everyone). Transactions are opened by `inTransaction`.
 */
export function orm(db: Db): Orm {
  return drizzle(async (text, parameters, method) => {
    const query = db.unsafe(text, parameters as never[]);
    return { rows: method === 'all' ? await query.values() : await query };
  });
}

/** A number without the zeros at the end that its column keeps: 9.5 for 9.500. */
export const trimmed = (column: Column) => sql<string>`trim_scale(${column})`;
