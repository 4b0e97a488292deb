import type { PlanRow } from '../customers/import.ts';
import type { Rejection } from '../customers/import-batch.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { assignMany } from './assign-many.ts';

/** Assigns the plans of imported rows; see assignMany. */
export async function assignImported(
  tx: Db,
  change: Change,
  rows: readonly PlanRow[],
): Promise<{ assigned: number; rejected: Rejection[] }> {
  const byLine = new Map(rows.map(({ row }) => [row.line, row]));
  const asked = rows.map(({ row, customer, plan }) => ({ line: row.line, customer, plan }));
  const { assigned, rejected } = await assignMany(tx, change, asked);
  return { assigned, rejected: rejected.map(({ line, reason }) => ({ ...byLine.get(line)!, reason })) };
}
