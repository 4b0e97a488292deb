import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { findSecrets } from '../database/secrets.ts';
import { sqlStateOf } from '../database/server-error.ts';
import type { TableRow } from '../files/read-csv.ts';
import { type CustomerFields, fieldNames } from './customer-fields.ts';
import {
  type NewCustomer,
  copyCustomers,
  insertCustomers,
  unknownZone,
  unknownZones,
} from './insert-customers.ts';
import { updateCustomers } from './update-customers.ts';

/** A row that was left out, and why. */
export interface Rejection extends TableRow {
  reason: string;
}

export interface Checked {
  row: TableRow;
  customer: NewCustomer;
}

/** What all batches of an import share. */
export interface ImportRun {
  tx: Db;
  change: Change;
  /** overwrite the fields of customers that exist */
  update: boolean;
  /** the time zones that were looked up → whether the server knows them */
  zones: Map<string, boolean>;
  /** none of the batch before existed, so perhaps none of this batch does */
  allNew: boolean;
}

export interface WrittenBatch {
  /** of the rows that were written */
  written: readonly Checked[];
  added: number;
  changed: number;
  rejected: Rejection[];
}

/** Writes the customers of a batch, whose ids differ. Rows that cannot be written are left out with their reason. */
export async function writeBatch(run: ImportRun, batch: readonly Checked[]): Promise<WrittenBatch> {
  const strange = await findStrangeZones(run, batch);
  const secrets = await findSecrets(
    run.tx,
    batch.map(({ customer: { name, metadata } }) => ({ name, metadata })),
  );
  if (run.allNew && strange.length === 0 && secrets.size === 0 && (await copyAll(run, batch)))
    return { written: batch, added: batch.length, changed: 0, rejected: [] };
  const faults = await findOtherKinds(run.tx, batch);
  for (const { customer } of strange)
    if (!faults.has(customer.id)) faults.set(customer.id, unknownZone(customer.timezone!).message);
  for (const [at, { message }] of secrets) faults.set(batch[at]!.customer.id, message);
  const sound = batch.filter(({ customer }) => !faults.has(customer.id));
  const { made, changed, failed } = await writeRows(run, sound);
  run.allNew = made.size === sound.length;
  const failures = new Set(failed.map(({ row }) => row));
  const rejected = batch
    .filter(({ customer }) => faults.has(customer.id))
    .map(({ row, customer }) => ({ ...row, reason: faults.get(customer.id)! }));
  return {
    written: sound.filter(({ row }) => !failures.has(row)),
    added: made.size,
    changed,
    rejected: [...rejected, ...failed.map(({ row, reason }) => ({ ...row, reason }))],
  };
}

/** Finds rows with a time zone that the server does not know; each zone is looked up once. */
async function findStrangeZones({ tx, zones }: ImportRun, batch: readonly Checked[]): Promise<Checked[]> {
  const named = new Set(batch.map(({ customer }) => customer.timezone));
  const news = [...named].filter((zone): zone is string => !!zone && !zones.has(zone));
  if (news.length > 0) {
    const unknown = await unknownZones(tx, news);
    for (const zone of news) zones.set(zone, !unknown.includes(zone));
  }
  if ([...named].every((zone) => !zone || zones.get(zone))) return [];
  return batch.filter(({ customer: { timezone } }) => timezone && !zones.get(timezone));
}

/** Finds the customers whose kind differs from their row's. */
async function findOtherKinds(tx: Db, batch: readonly Checked[]): Promise<Map<string, string>> {
  const kinds = batch.flatMap(({ row, customer }) => (row.values.kind ? [customer] : []));
  const others = await tx<{ id: string; kind: CustomerFields['kind'] }[]>`
    select c.id, c.kind
      from unnest(${kinds.map((c) => c.id)}::text[], ${kinds.map((c) => c.kind ?? 'user')}::text[]) a(id, kind)
      join subctl.customers c on c.id = a.id and c.kind <> a.kind`;
  return new Map(
    others.map(({ id, kind }) => [id, `${id} is already a ${kind}, and a kind cannot change`] as const),
  );
}

/** Adds the whole batch in the cheapest way. Returns false, and adds nothing, when a customer exists or a row is wrong. */
async function copyAll({ tx, change }: ImportRun, batch: readonly Checked[]): Promise<boolean> {
  try {
    await inSavepoint(tx, (inner) =>
      copyCustomers(
        inner,
        change,
        batch.map(({ customer }) => customer),
      ),
    );
    return true;
  } catch (error) {
    if (sqlStateOf(error) === '23505' || refusalOf(error)?.kind === 'usage') return false;
    throw error;
  }
}

interface Written {
  /** ids of customers that are new */
  made: Set<string>;
  changed: number;
  failed: { row: TableRow; reason: string }[];
}

/**
 * Writes the rows of a batch. Where the data of the batch makes it fail, each row is written by itself, and those that fail are left out.
 */
async function writeRows(run: ImportRun, batch: readonly Checked[]): Promise<Written> {
  if (batch.length === 0) return { made: new Set(), changed: 0, failed: [] };
  try {
    return await inSavepoint(run.tx, async (inner) => {
      const customers = batch.map(({ customer }) => customer);
      const made = await insertCustomers(inner, run.change, customers);
      const existing = batch.filter(({ customer }) => !made.has(customer.id));
      return { made, changed: run.update ? await overwrite(inner, run.change, existing) : 0, failed: [] };
    });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.kind !== 'usage') throw error;
    if (batch.length === 1)
      return { made: new Set(), changed: 0, failed: [{ row: batch[0]!.row, reason: refusal.message }] };
    const all: Written = { made: new Set(), changed: 0, failed: [] };
    for (const one of batch) {
      const { made, changed, failed } = await writeRows(run, [one]);
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
