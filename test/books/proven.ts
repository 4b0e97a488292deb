import { type Proven, prove } from '../../src/books/prove.ts';
import type { Connection } from '../../src/database/connect.ts';
import { inTransaction } from '../../src/database/transaction.ts';

/** The proofs that find something, as `doctor --deep` makes them. */
export async function provenBy(sql: Connection, now: Date): Promise<Proven[]> {
  const all = await inTransaction(sql, (tx) => prove(tx, { now }), { readOnly: true });
  return all.filter(({ count }) => count > 0);
}
