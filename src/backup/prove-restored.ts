import { examine } from '../books/examine.ts';
import { prove } from '../books/prove.ts';
import type { Connection } from '../database/connect.ts';
import { inTransaction } from '../database/transaction.ts';

/** What doctor says of a database. Only `books` are about its rows; `checks` are about its state, such as tasks that are late. */
export interface Examination {
  books: string[];
  checks: string[];
}

/** Does what `doctor --deep` does: proves the books in one snapshot, and makes the checks. `progress` is called before each proof. */
export async function examineWhole(
  connection: Connection,
  progress: (proof: string) => void,
): Promise<Examination> {
  const [row] = await connection<{ now: Date }[]>`
    select date_trunc('milliseconds', clock_timestamp()) as now`;
  const { now } = row!;
  const proven = await inTransaction(connection, (tx) => prove(tx, { now, progress }), { readOnly: true });
  const examined = await examine(connection, now);
  return {
    books: proven.filter(({ count }) => count > 0).map(({ proof, count }) => `${proof}: ${count}`),
    checks: examined.flatMap(({ check, found }) => found.map((sentence) => `${check}: ${sentence}`)),
  };
}
