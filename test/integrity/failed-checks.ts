import { type CheckResult, runChecks } from '../../src/integrity/run-checks.ts';
import type { Connection } from '../../src/database/connect.ts';
import { inTransaction } from '../../src/database/transaction.ts';

/** The checks that find something, as `doctor --deep` makes them. */
export async function failedChecks(sql: Connection, now: Date): Promise<CheckResult[]> {
  const all = await inTransaction(sql, (tx) => runChecks(tx, { now }), { readOnly: true });
  return all.filter(({ count }) => count > 0);
}
