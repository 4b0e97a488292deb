import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { TableColumns, TableRow } from '../files/read-csv.ts';
import { fieldNames, readCustomer } from './customer-fields.ts';
import { emailIdsAllowed } from './customer-id.ts';
import { type Checked, type ImportRun, type Rejection, writeBatch } from './import-batch.ts';

/** The columns of a file or query of customers; `plan` is assigned to the row's customer. */
export const importColumns: TableColumns = { allowed: ['id', ...fieldNames, 'plan'], required: ['id'] };

export interface PlanRow {
  row: TableRow;
  customer: string;
  plan: string;
}

export interface ImportRequest {
  /** the rows, in batches of any size */
  pages: AsyncIterable<readonly TableRow[]>;
  /** overwrite the fields of customers that exist */
  update: boolean;
  /** assigns the plans of a batch; rows that fail are returned with their reason */
  assign: (rows: readonly PlanRow[]) => Promise<{ assigned: number; rejected: Rejection[] }>;
  onReject: (rejection: Rejection) => Promise<void>;
  onProgress: (read: number) => void;
}

export interface Imported {
  read: number;
  added: number;
  updated: number;
  /** existed and are unchanged */
  unchanged: number;
  assigned: number;
  rejected: number;
}

/** Rows of different customers, and those that cannot be read. */
interface Batch {
  rows: Map<string, Checked>;
  unread: Rejection[];
}

const batchSize = 2_000;

/**
 * Imports customers in batches, in the one transaction of the change: every readable row, whatever happens to the others. Existing
 * customers are left alone, or with `update` get the row's values (an empty cell removes the value; the kind never changes). While the
 * database writes a batch the next one is read.
 */
export async function importCustomers(tx: Db, change: Change, request: ImportRequest): Promise<Imported> {
  const total: Imported = { read: 0, added: 0, updated: 0, unchanged: 0, assigned: 0, rejected: 0 };
  const emailAllowed = await emailIdsAllowed(tx);
  const run: ImportRun = { tx, change, update: request.update, zones: new Map(), allNew: true };
  let batch: Batch = { rows: new Map(), unread: [] };
  let writing: Promise<void> = Promise.resolve();
  const take = async () => {
    const whole = batch;
    batch = { rows: new Map(), unread: [] };
    await writing;
    writing = takeBatch(run, request, { batch: whole, total });
    writing.catch(() => undefined); // awaited before the next batch, and at the end
  };
  try {
    for await (const page of request.pages) {
      for (const row of page) {
        total.read++;
        const read = readRow(row, emailAllowed);
        if (typeof read === 'string') batch.unread.push({ ...row, reason: read });
        else {
          if (batch.rows.has(read.customer.id)) await take();
          batch.rows.set(read.customer.id, read);
        }
        if (batch.rows.size + batch.unread.length >= batchSize) await take();
        if (total.read % 500 === 0) request.onProgress(total.read);
      }
    }
    await take();
  } finally {
    await writing;
  }
  return total;
}

function readRow(row: TableRow, emailAllowed: boolean): Checked | string {
  if (row.fault) return row.fault;
  try {
    return { row, customer: readCustomer(row.values, emailAllowed) };
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

async function takeBatch(
  run: ImportRun,
  request: ImportRequest,
  { batch: { rows, unread }, total }: { batch: Batch; total: Imported },
): Promise<void> {
  const reject = async (rejections: readonly Rejection[]) => {
    total.rejected += rejections.length;
    for (const rejection of rejections) await request.onReject(rejection);
  };
  await reject(unread);
  if (rows.size === 0) return;
  const { written, added, changed, rejected } = await writeBatch(run, [...rows.values()]);
  await reject(rejected);
  total.added += added;
  total.updated += changed;
  total.unchanged += written.length - added - changed;
  const plans = written.flatMap(({ row, customer: { id } }) =>
    row.values.plan ? [{ row, customer: id, plan: row.values.plan }] : [],
  );
  if (plans.length === 0) return;
  const given = await request.assign(plans);
  total.assigned += given.assigned;
  await reject(given.rejected);
}
