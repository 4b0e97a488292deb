import type { TableColumns, TableRow } from '../files/read-csv.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { formatInterval, parseInterval } from '../domain/intervals.ts';
import type { Assignment } from './assignment.ts';
import { type ManyRow, assignMany } from './assign-many.ts';

/** The columns of a file of assignments; a row's `every` or `note` overrides the one for all rows. */
export const assignmentColumns: TableColumns = {
  allowed: ['customer', 'plan', 'every', 'note'],
  required: ['customer', 'plan'],
};

export interface FileRequest extends Omit<Assignment, 'customer' | 'plan'> {
  rows: AsyncIterable<TableRow>;
  onReject: (row: TableRow & { reason: string }) => Promise<void>;
  onProgress: (read: number) => void;
}

const batchSize = 1_000;

/** Assigns plans by the rows of a file, in batches, in the change's one transaction. A failed row is rejected with its reason. */
export async function assignFile(
  tx: Db,
  change: Change,
  { rows, onReject, onProgress, ...common }: FileRequest,
): Promise<{ read: number; assigned: number; rejected: number }> {
  const total = { read: 0, assigned: 0, rejected: 0 };
  let batch = new Map<number, { row: TableRow; asked: ManyRow }>();
  const reject = async (row: TableRow, reason: string) => {
    total.rejected++;
    await onReject({ ...row, reason });
  };
  const take = async () => {
    const done = await assignMany(
      tx,
      change,
      [...batch.values()].map(({ asked }) => asked),
    );
    total.assigned += done.assigned;
    for (const { line, reason } of done.rejected) await reject(batch.get(line)!.row, reason);
    batch = new Map();
  };
  for await (const row of rows) {
    total.read++;
    const asked = readRow(row, common);
    if (typeof asked === 'string') await reject(row, asked);
    else batch.set(row.line, { row, asked });
    if (batch.size >= batchSize) await take();
    if (total.read % 500 === 0) onProgress(total.read);
  }
  await take();
  return total;
}

function readRow(row: TableRow, common: Omit<Assignment, 'customer' | 'plan'>): ManyRow | string {
  const { customer, plan, every, note } = row.values;
  if (row.fault) return row.fault;
  if (!customer || !plan) return `the ${customer ? 'plan' : 'customer'} is missing`;
  try {
    return {
      ...common,
      ...{ line: row.line, customer, plan },
      every: every ? formatInterval(parseInterval(every)) : common.every,
      note: note ?? common.note,
    };
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
