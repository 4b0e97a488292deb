import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { Failure } from '../domain/failure.ts';
import { type CustomerFields, fieldNames, readCustomer } from './customer-fields.ts';
import { emailIdsAllowed } from './customer-id.ts';
import { type NewCustomer, checkZones, insertCustomers } from './insert-customers.ts';
import type { TableColumns, TableRow } from '../files/read-csv.ts';
import { updateCustomers } from './update-customers.ts';

/** What a file or query of customers may have; `plan` assigns it to the row's customer. */
export const importColumns: TableColumns = { allowed: ['id', ...fieldNames, 'plan'], required: ['id'] };

/** A row that was left out, and why. */
export interface Rejection extends TableRow {
  reason: string;
}

export interface PlanRow {
  row: TableRow;
  customer: string;
  plan: string;
}

export interface ImportRequest {
  rows: AsyncIterable<TableRow>;
  /** overwrite what is said of customers that exist */
  update: boolean;
  /** gives the plans of a batch; rows it cannot do come back with their reason */
  assign: (rows: readonly PlanRow[]) => Promise<{ assigned: number; rejected: Rejection[] }>;
  onReject: (rejection: Rejection) => Promise<void>;
  onProgress: (read: number) => void;
}

export interface Imported {
  read: number;
  added: number;
  updated: number;
  /** existed already and are as they were */
  unchanged: number;
  assigned: number;
  rejected: number;
}

type Checked = { row: TableRow; customer: NewCustomer };

const batchSize = 2_000;

/**
 * Takes customers in, in batches, in the one transaction of the change: all that can be read, whatever happens to the rest of the rows.
 * Those that exist are left alone, or with `update` get what the row says (an empty cell takes the value away; the kind never changes).
 */
export async function importCustomers(tx: Db, change: Change, request: ImportRequest): Promise<Imported> {
  const total: Imported = { read: 0, added: 0, updated: 0, unchanged: 0, assigned: 0, rejected: 0 };
  const emailAllowed = await emailIdsAllowed(tx);
  const reject = async (row: TableRow, reason: string) => {
    total.rejected++;
    await request.onReject({ ...row, reason });
  };
  let batch = new Map<string, Checked>();
  const take = async () => {
    await takeBatch(tx, change, { batch: [...batch.values()], request, total, reject });
    batch = new Map();
  };
  for await (const row of request.rows) {
    total.read++;
    const read = readRow(row, emailAllowed);
    if (typeof read === 'string') await reject(row, read);
    else {
      if (batch.has(read.customer.id)) await take();
      batch.set(read.customer.id, read);
    }
    if (batch.size >= batchSize) await take();
    if (total.read % 500 === 0) request.onProgress(total.read);
  }
  await take();
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

interface Batch {
  batch: readonly Checked[];
  request: ImportRequest;
  total: Imported;
  reject: (row: TableRow, reason: string) => Promise<void>;
}

async function takeBatch(
  tx: Db,
  change: Change,
  { batch: all, request, total, reject }: Batch,
): Promise<void> {
  const faults = await findFaults(tx, all);
  for (const { row, customer } of all)
    if (faults.has(customer.id)) await reject(row, faults.get(customer.id)!);
  const batch = all.filter(({ customer }) => !faults.has(customer.id));
  if (batch.length === 0) return;
  const { made, changed, failed } = await writeRows(tx, change, { batch, update: request.update });
  for (const { row, reason } of failed) await reject(row, reason);
  const failures = new Set(failed.map(({ row }) => row));
  const written = batch.filter(({ row }) => !failures.has(row));
  const plans = written.flatMap(({ row, customer: { id } }) =>
    row.values.plan ? [{ row, customer: id, plan: row.values.plan }] : [],
  );
  const { assigned, rejected } =
    plans.length > 0 ? await request.assign(plans) : { assigned: 0, rejected: [] };
  for (const rejection of rejected) await reject(rejection, rejection.reason);
  total.added += made.size;
  total.updated += changed;
  total.unchanged += written.length - made.size - changed;
  total.assigned += assigned;
}

interface Written {
  /** ids of customers that are new */
  made: Set<string>;
  changed: number;
  failed: { row: TableRow; reason: string }[];
}

/** Writes the rows of a batch; where it fails by what is in it, each row by itself, and those that fail are left out. */
async function writeRows(
  tx: Db,
  change: Change,
  { batch, update }: { batch: readonly Checked[]; update: boolean },
): Promise<Written> {
  try {
    return await inSavepoint(tx, async (inner) => {
      const customers = batch.map(({ customer }) => customer);
      const made = await insertCustomers(inner, change, customers);
      const existing = batch.filter(({ customer }) => !made.has(customer.id));
      return { made, changed: update ? await overwrite(inner, change, existing) : 0, failed: [] };
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.kind !== 'usage') throw error;
    if (batch.length === 1)
      return { made: new Set(), changed: 0, failed: [{ row: batch[0]!.row, reason: refusal.message }] };
    const all: Written = { made: new Set(), changed: 0, failed: [] };
    for (const one of batch) {
      const { made, changed, failed } = await writeRows(tx, change, { batch: [one], update });
      for (const id of made) all.made.add(id);
      all.changed += changed;
      all.failed.push(...failed);
    }
    return all;
  }
}

async function overwrite(tx: Db, change: Change, existing: readonly Checked[]): Promise<number> {
  if (existing.length === 0) return 0;
  const columns = Object.keys(existing[0]!.row.values);
  const fields = fieldNames.filter((name) => name !== 'kind').filter((name) => columns.includes(name));
  const changed = await updateCustomers(tx, change, {
    fields,
    customers: existing.map(({ customer }) => customer),
  });
  return changed.size;
}

/** What only the database can say: zones that its server does not know, and customers that are of the other kind. */
async function findFaults(tx: Db, batch: readonly Checked[]): Promise<Map<string, string>> {
  const faults = new Map<string, string>();
  const zones = new Map<string, string | undefined>();
  for (const { customer } of batch) {
    const zone = customer.timezone;
    if (!zone) continue;
    if (!zones.has(zone)) zones.set(zone, await faultOfZone(tx, zone));
    const fault = zones.get(zone);
    if (fault) faults.set(customer.id, fault);
  }
  const kinds = batch.flatMap(({ row, customer }) => (row.values.kind ? [customer] : []));
  const others = await tx<{ id: string; kind: CustomerFields['kind'] }[]>`
    select c.id, c.kind
      from unnest(${kinds.map((c) => c.id)}::text[], ${kinds.map((c) => c.kind ?? 'user')}::text[]) a(id, kind)
      join subctl.customers c on c.id = a.id and c.kind <> a.kind`;
  for (const { id, kind } of others) faults.set(id, `${id} is a ${kind} already, and a kind cannot change`);
  return faults;
}

async function faultOfZone(tx: Db, zone: string): Promise<string | undefined> {
  return checkZones(tx, [zone]).then(
    () => undefined,
    (error: unknown) => (error instanceof Failure ? error.message : Promise.reject(error)),
  );
}
