import type { Connection, Db } from '../database/connect.ts';
import { sqlStateOf } from '../database/server-error.ts';
import {
  countOpenWindowsBefore,
  detachMonth,
  dropMonth,
  listMissingMonths,
  listOldMonths,
  makeMonths,
} from './partitions.ts';
import type { FencedWriter } from './fenced-writer.ts';
import { listUnsummedMonths, sealMonth, sumMonth } from './sum-months.ts';
import { retentionRules } from './retention-rules.ts';
import { type DueRow, nothingDone, type Task, type TaskResult } from './task.ts';
import type { TaskOptions } from './task-options.ts';

const batchSize = 10_000;
const notSummed = 'its days are not summed';

/**
 * Makes room ahead, sums the days of months that are over, and takes away what need not be kept (DESIGN §9): partitions of usage events two years ahead, months of events beyond
 * the retention whose windows are closed, reservations past their time, keys that cannot come back, and the oldest runs.
 * The ledger, invoices and closed windows stay for ever.
 */
export const prune: Task = {
  name: 'prune',
  preview: (db, ask) => preview(db, ask),
  count: (rows) => rows.reduce((sum, { amount = 1 }) => sum + amount, 0),
  run: perform,
};

async function preview(db: Db, { asOf }: TaskOptions): Promise<DueRow[]> {
  const rows = (await listMissingMonths(db, asOf)).map((subject) =>
    row(asOf, { subject, action: 'make', reason: 'the month has no partition' }),
  );
  for (const { name, end } of await listOldMonths(db, asOf)) {
    if ((await countOpenWindowsBefore(db, end)) === 0)
      rows.push(row(asOf, { subject: name, action: 'drop', reason: 'its events are past their retention' }));
  }
  for (const { name } of await listUnsummedMonths(db, asOf))
    rows.push(row(asOf, { subject: name, action: 'sum', reason: notSummed }));
  for (const { subject, action, reason, count } of retentionRules) {
    const amount = await count(db, asOf);
    if (amount > 0) rows.push(row(asOf, { subject, action, reason: `${amount} ${reason}`, amount }));
  }
  return rows;
}

async function perform(
  connection: Connection,
  batch: FencedWriter,
  { asOf }: TaskOptions,
): Promise<TaskResult> {
  const result = nothingDone();
  const did = (about: Omit<DueRow, 'customer' | 'due_at'>) => {
    result.rows.push(row(asOf, about));
    result.done += about.amount ?? 1;
    batch.progress(result.done);
  };
  for (const step of [makeMissing, dropOld, sumUnsummed, deleteExpired])
    if (!(await step({ connection, batch, asOf, worked: result, did }))) return { ...result, stopped: true };
  return result;
}

interface Pruning {
  connection: Connection;
  batch: FencedWriter;
  asOf: Date;
  worked: TaskResult;
  /** notes what was done */
  did(about: Omit<DueRow, 'customer' | 'due_at'>): void;
}

/** Makes partitions ahead. Each step gives false when it was stopped before its end. */
async function makeMissing({ connection, batch, asOf, worked: result, did }: Pruning): Promise<boolean> {
  const missing = await listMissingMonths(connection, asOf);
  if (missing.length === 0) return true;
  const isMade = await orNote(result, 'make partitions', () => batch.write((tx) => makeMonths(tx, asOf)));
  for (const subject of isMade ? missing : [])
    did({ subject, action: 'make', reason: 'the month had no partition' });
  return true;
}

/** Drops the months of events that are past their retention and whose windows are closed. */
async function dropOld({ connection, batch, asOf, worked: result, did }: Pruning): Promise<boolean> {
  for (const { name, end, detached } of await listOldMonths(connection, asOf)) {
    if (batch.shouldStop()) return false;
    const open = await countOpenWindowsBefore(connection, end);
    if (open > 0) {
      result.notes.push(`${name} stays: ${open} windows that began before its end are not closed`);
      continue;
    }
    const detach = () => batch.write((tx) => detachMonth(tx, { name, end }));
    if (!detached && !(await orNote(result, `drop ${name}`, detach))) continue;
    await batch.write((tx) => dropMonth(tx, name));
    did({ subject: name, action: 'drop', reason: 'its events were past their retention' });
  }
  return true;
}

/** Sums the days of months that are over. */
async function sumUnsummed({ connection, batch, asOf, worked: result, did }: Pruning): Promise<boolean> {
  for (const { name, month } of await listUnsummedMonths(connection, asOf)) {
    if (batch.shouldStop()) return false;
    if (!(await orNote(result, `sum ${name}`, () => batch.write((tx) => sealMonth(tx, month))))) continue;
    await batch.write((tx) => sumMonth(tx, month));
    did({ subject: name, action: 'sum', reason: notSummed });
  }
  return true;
}

/** Deletes the rows of every retention rule, in batches. */
async function deleteExpired({ connection, batch, asOf, did }: Pruning): Promise<boolean> {
  for (const { subject, action, reason, count, sweep: rule } of retentionRules) {
    let amount = 0;
    if ((await count(connection, asOf)) === 0) continue; // a run that finds nothing writes nothing
    for (let swept = batchSize; swept === batchSize; amount += swept) {
      if (batch.shouldStop()) return false;
      swept = await batch.write((tx) => rule(tx, asOf, batchSize));
    }
    if (amount > 0) did({ subject, action, reason: `${amount} ${reason}`, amount });
  }
  return true;
}

/** Whether `work` could have its lock at once; a note says when it is left to the next run. */
async function orNote(result: TaskResult, what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (sqlStateOf(error) !== '55P03') throw error;
    result.notes.push(`Could not ${what} now, others use the table: left to the next run`);
    return false;
  }
}

function row(asOf: Date, about: Omit<DueRow, 'customer' | 'due_at'>): DueRow {
  return { customer: '', due_at: asOf, ...about };
}
