import { runHealthChecks } from '../integrity/run-health-checks.ts';
import { runChecks } from '../integrity/run-checks.ts';
import type { Connection } from '../database/connect.ts';
import { inTransaction } from '../database/transaction.ts';

/** What doctor says of a database. Only `books`, the integrity checks, are about its rows; `checks` are about its state, such as tasks that are late. */
export interface Examination {
  books: string[];
  checks: string[];
}

/** Does what `doctor --deep` does: integrity checks in one snapshot, then health checks. `progress` is called before each integrity check. */
export async function examineWhole(
  connection: Connection,
  progress: (check: string) => void,
): Promise<Examination> {
  const [row] = await connection<{ now: Date }[]>`
    select date_trunc('milliseconds', clock_timestamp()) as now`;
  const { now } = row!;
  const results = await inTransaction(connection, (tx) => runChecks(tx, { now, progress }), {
    readOnly: true,
  });
  const examined = await runHealthChecks(connection, now);
  return {
    books: results.filter(({ count }) => count > 0).map(({ check, count }) => `${check}: ${count}`),
    checks: examined.flatMap(({ check, found }) => found.map((sentence) => `${check}: ${sentence}`)),
  };
}
