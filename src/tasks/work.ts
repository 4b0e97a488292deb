import { compareText } from '../domain/compare.ts';
import type { Connection, Db } from '../database/connect.ts';
import { createBatchSizer } from './batch-sizer.ts';
import { isOfTheData, addDeadLetter, removeDeadLetters } from '../database/dead-letters.ts';
import { startPages } from './pages.ts';
import type { FencedWriter } from './fenced-writer.ts';
import { applyPart, noPart } from './parts.ts';
import { keyOf, dryRun } from './dry-run.ts';
import { type DueRow, type RowTask, type Task, type TaskResult, nothingDone } from './task.ts';
import type { TaskOptions } from './task-options.ts';

const previewPage = 1_000;

/** Makes a task of its two statements: pages, fence, halving and parking are the same for all. */
export function taskOfRows(spec: RowTask): Task {
  const count = (rows: readonly DueRow[]) => {
    const done = rows.filter(({ action }) => action !== 'park');
    return spec.counts === 'customers' ? new Set(done.map(({ customer }) => customer)).size : done.length;
  };
  return {
    name: spec.name,
    preview: (connection, ask) => preview(connection, spec, ask),
    count,
    run: (connection, batch, ask) => work(connection, { ...spec, count }, batch, ask),
  };
}

async function preview(connection: Connection, task: RowTask, asked: TaskOptions): Promise<DueRow[]> {
  const ask = { ...asked, keepRows: true };
  const { waiting } = await findDeadLetters(connection, task.name, ask.asOf);
  for (let size = ask.limit === undefined ? null : Math.max(previewPage, ask.limit); ; size! *= 2) {
    const listed = await task.due(connection, ask, size);
    const rows = listed.filter(({ customer }) => !waiting.has(customer));
    if (size === null || rows.length >= ask.limit! || listed.length < size)
      return (await dryRun(connection, task, ask, takeWhole(rows, ask.limit))).sort(byTime);
  }
}

/**
 * Works through the plain rows in pages of one statement each, then through all others: what is due is listed and done in pages, each in one transaction that is over in some 30 ms. A page that a row's data breaks is halved until
 * that row's customer stands alone and is parked (R41); the others go on. Customers who wait for their next try, and rows that are listed again just as
 * they were, are left alone for the rest of the run. Between pages it stops when it is told to.
 */
async function work(
  connection: Connection,
  task: RowTask & Pick<Task, 'count'>,
  batch: FencedWriter,
  ask: TaskOptions,
): Promise<TaskResult> {
  const result = nothingDone();
  const sizer = createBatchSizer(ask.pageSize);
  const { waiting, parked } = await findDeadLetters(connection, task.name, ask.asOf);
  const seen = new Set<string>(); // of those who wait
  const aside = new Set(waiting);
  let widened = 1; // those set aside may not stand before the others for ever
  let before = new Set<string>();
  const plain = startPages(connection, task, batch, ask);
  let isBroken = false; // a row of the page breaks it: that page is done as others are, and then pages go on
  for (;;) {
    if (plain.isOpen && !isBroken) {
      if (batch.shouldStop()) return { ...result, stopped: true };
      isBroken = !(await doPage());
      continue;
    }
    isBroken = false;
    const room =
      ask.limit === undefined ? sizer.size : Math.min(sizer.size, ask.limit - result.done - result.parked);
    if (room <= 0) break;
    if (batch.shouldStop()) return { ...result, stopped: true };
    const size = sizer.size * widened;
    const listed = await task.due(connection, ask, size);
    for (const row of listed) {
      if (before.has(keyOf(row))) aside.add(row.customer);
      if (waiting.has(row.customer)) seen.add(row.customer);
    }
    const rows = listed.filter(({ customer }) => !aside.has(customer));
    const isAll = listed.length < size;
    if (!isAll && rows.length * 2 < size) widened *= 2;
    const page = takeWhole(rows, room);
    before = new Set(page.map(keyOf));
    if (page.length > 0) {
      const from = performance.now();
      await doRows(page);
      sizer.measured(page.length, performance.now() - from);
    } else if (isAll) break;
    batch.progress(result.done);
  }
  return { ...result, skipped: result.skipped + seen.size, rows: result.rows.sort(byTime) };

  async function doPage(): Promise<boolean> {
    try {
      result.done += await plain.next(new Set([...parked, ...aside]));
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      return false;
    }
    batch.progress(result.done);
    return true;
  }

  async function doRows(rows: DueRow[]): Promise<void> {
    const customers = [...new Set(rows.map(({ customer }) => customer))];
    let left = customers;
    try {
      const done = await inParts(customers, (begun) => (left = begun));
      result.done += done;
      if (left.length > 0) return; // stopped: the next run goes on with them
      result.skipped += Math.max(0, task.count(rows) - done);
      if (ask.keepRows && done > 0) for (const row of rows) result.rows.push(row);
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      if (left.length === 1)
        return park(
          rows.find(({ customer }) => customer === left[0])!,
          error,
        );
      const half = new Set(left.slice(0, left.length / 2));
      const other = new Set(left.slice(half.size));
      await doRows(rows.filter(({ customer }) => half.has(customer)));
      await doRows(rows.filter(({ customer }) => other.has(customer)));
    }
  }

  /** Does these customers in as many transactions as it takes, and says after each who is left; gives the number of rows done. */
  async function inParts(customers: string[], left: (begun: string[]) => void): Promise<number> {
    let part = noPart();
    for (let rest = customers; rest.length > 0; rest = [...part.begun.keys()]) {
      part = await batch.write(async (tx, change) => {
        const next = await applyPart(tx, task, { ask, customers: rest, change, before: part });
        if (parked.size > 0) await removeDeadLetters(tx, task.name, rest);
        return next;
      });
      left([...part.begun.keys()]);
      if (batch.shouldStop()) break;
      if (part.begun.size > 0) batch.progress(result.done + part.done);
    }
    return part.done;
  }

  async function park(row: DueRow, error: unknown): Promise<void> {
    await batch.write(async (tx) => {
      const found = await task.due(tx, { ...ask, customer: row.customer, keepRows: true }, null);
      const { customer, ...payload } = found.find((each) => keyOf(each) === keyOf(row)) ?? row;
      await addDeadLetter(tx, { task: task.name, customer, payload }, error, ask.asOf);
    });
    const { customer } = row;
    aside.add(customer);
    result.parked += 1;
  }
}

/** The rows of the customers of the first `limit` rows: a customer is done whole. */
function takeWhole(rows: readonly DueRow[], limit = rows.length): DueRow[] {
  const customers = new Set(rows.slice(0, limit).map(({ customer }) => customer));
  return rows.filter(({ customer }) => customers.has(customer));
}

/** Customers that this task has parked: those who are not to be tried again yet, and all of them. */
async function findDeadLetters(
  db: Db,
  task: string,
  asOf: Date,
): Promise<{ waiting: Set<string>; parked: Set<string> }> {
  const rows = await db<{ customer: string; waits: boolean }[]>`
    select distinct customer_id as customer, next_try_at is null or next_try_at > ${asOf} as waits
      from subctl.parked where task = ${task} and id = ''`;
  const waiting = rows.filter(({ waits }) => waits).map(({ customer }) => customer);
  return { waiting: new Set(waiting), parked: new Set(rows.map(({ customer }) => customer)) };
}

function byTime(a: DueRow, b: DueRow): number {
  return a.due_at.getTime() - b.due_at.getTime() || compareText(a.customer, b.customer);
}
