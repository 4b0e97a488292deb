import type { TableRow } from '../files/read-csv.ts';
import { call } from '../database/call.ts';
import type { Connection, Db } from '../database/connect.ts';
import { checkWriteTime } from '../database/change.ts';
import { refusalOf } from '../database/refusals.ts';
import { inDryRun } from '../database/dry-run.ts';
import { inTransaction } from '../database/transaction.ts';
import { Failure } from '../domain/failure.ts';
import { type BegunImport, beginImport, endImport } from './begun-imports.ts';
import { digestOf, keyOfPlace, readEvent, readEvents } from './read-events.ts';

export interface UsageImport {
  input: AsyncIterable<Buffer | string>;
  now: Date;
  /** record, and roll back */
  dryRun: boolean;
  onReject: (row: TableRow & { reason: string }) => Promise<void>;
  /** after each batch, with the totals so far */
  onProgress: (done: ImportedUsage) => void;
}

export interface ImportedUsage {
  read: number;
  recorded: number;
  /** known already by their key */
  replayed: number;
  /** recorded, with an unknown cost */
  unpriced: number;
  rejected: number;
}

interface Verdict {
  allowed: boolean | null;
  replayed?: boolean;
  unpriced?: boolean;
  reason: string | null;
  message?: string;
}

type Ready = { row: TableRow; event: Record<string, unknown>; keyed: boolean };
type Batch = { ready: Ready[]; unread: { row: TableRow; reason: string }[] };

const batchSize = 200;

/**
 * Imports the uses of a file, in batches with their own transactions. Refused or unreadable rows are passed to `onReject` and do not stop
 * the others. An interrupted import can be repeated and records only what is new, because every row has a key.
 * @throws Failure usage for a file that cannot be read at all, and for a `now` that is too far from the clock to record uses at
 */
export async function importUsage(connection: Connection, request: UsageImport): Promise<ImportedUsage> {
  // before the first row, because every row would be refused for it
  if (request.now) await checkWriteTime(connection, request.now);
  const total: ImportedUsage = { read: 0, recorded: 0, replayed: 0, unpriced: 0, rejected: 0 };
  const reject = async (row: TableRow, reason: string) => {
    total.rejected++;
    await request.onReject({ ...row, reason });
  };
  let batch: Batch = { ready: [], unread: [] };
  let begun: BegunImport | undefined;
  const take = async ({ ready, unread }: Batch) => {
    for (const { row, reason } of unread) await reject(row, reason);
    if (ready.length === 0) {
      total.read += unread.length;
      return;
    }
    if (!begun && ready.some(({ keyed }) => !keyed)) begun = await begin(connection, ready, request);
    for (const { row, event, keyed } of ready) if (!keyed) event.key = keyOfPlace(row, begun!);
    const verdicts = await recordBatch(connection, ready, request);
    for (const [at, verdict] of verdicts.entries()) {
      if (!verdict.allowed) await reject(ready[at]!.row, `${verdict.reason}: ${verdict.message ?? ''}`);
      else if (verdict.replayed) total.replayed++;
      else total.recorded++;
      if (verdict.allowed && verdict.unpriced) total.unpriced++;
    }
    total.read += ready.length + unread.length;
    request.onProgress({ ...total });
  };
  // while the database records a batch the next is read
  let taking = Promise.resolve();
  const hand = async () => {
    const full = batch;
    batch = { ready: [], unread: [] };
    await taking;
    taking = take(full);
    taking.catch(() => {}); // whoever awaits it next gets the error
  };
  try {
    for await (const row of readEvents(request.input)) {
      const ready = tryRead(row);
      if (typeof ready === 'string') batch.unread.push({ row, reason: ready });
      else batch.ready.push({ row, ...ready });
      if (batch.ready.length + batch.unread.length >= batchSize) await hand();
    }
    await hand();
  } finally {
    await taking;
  }
  if (begun && !request.dryRun) await endImport(connection, begun.beginning);
  return total;
}

/** The import of a file, by its first rows that must be named by their position. */
async function begin(
  connection: Connection,
  batch: readonly Ready[],
  { now, dryRun }: UsageImport,
): Promise<BegunImport> {
  const beginning = digestOf(
    Object.fromEntries(batch.map(({ row }, at) => [String(at), digestOf(row.values)])),
  );
  const work = (tx: Db) => beginImport(tx, beginning, now);
  return dryRun ? inDryRun(connection, work) : inTransaction(connection, work);
}

function tryRead(row: TableRow): Omit<Ready, 'row'> | string {
  try {
    return readEvent(row);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** Records a batch. Where it fails because of its rows, each row is recorded by itself, and a failing one is an `invalid` row. */
async function recordBatch(
  connection: Connection,
  batch: readonly Ready[],
  request: UsageImport,
): Promise<Verdict[]> {
  try {
    return await recordMany(connection, batch, request);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.kind !== 'usage') throw error;
    if (batch.length === 1) return [{ allowed: null, reason: 'invalid', message: refusal.message }];
    const verdicts: Verdict[] = [];
    for (const one of batch) verdicts.push((await recordBatch(connection, [one], request))[0]!);
    return verdicts;
  }
}

async function recordMany(
  connection: Connection,
  batch: readonly Ready[],
  { now, dryRun }: UsageImport,
): Promise<Verdict[]> {
  const events = batch.map(({ event }) => event);
  const work = async (tx: Db) => {
    const verdicts = await call(tx, 'subctl_internal.record_uses', { events, as_of: now, brief: true });
    return JSON.parse(verdicts!) as Verdict[];
  };
  return dryRun ? inDryRun(connection, work) : inTransaction(connection, work);
}
