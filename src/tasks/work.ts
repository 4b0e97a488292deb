import type { Change } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { sqlStateOf } from '../database/server-error.ts';
import type { TaskName } from '../timetable/timetable.ts';
import { startPace } from './pace.ts';
import { parkRow, unpark } from './parked.ts';
import type { Batch } from './running.ts';
import { type Ask, type DueRow, type Task, type Worked, nothingDone } from './task.ts';

/** A task over rows of customers: a due relation and the statement that does what is due of some customers. */
export interface RowTask {
  name: TaskName;
  /** what `apply` counts: the rows of the relation, or their customers */
  counts?: 'rows' | 'customers';
  /** The due rows, at most `batch` of them. */
  due(db: Db, ask: Ask, batch: number | null): Promise<DueRow[]>;
  /** Does what is still due of these customers and gives the number of rows done. */
  apply(tx: Db, ask: Ask, customers: readonly string[], change: Change): Promise<number>;
}

const previewPage = 1_000;

/** Makes a task of its two statements: pages, fence, halving and parking are the same for all. */
export function taskOfRows(spec: RowTask): Task {
  const count = (rows: readonly DueRow[]) =>
    spec.counts === 'customers' ? new Set(rows.map(({ customer }) => customer)).size : rows.length;
  return {
    name: spec.name,
    preview: (db, ask) => preview(db, spec, ask),
    count,
    perform: (connection, batch, ask) => work(connection, { ...spec, count }, batch, ask),
  };
}

async function preview(db: Db, task: RowTask, ask: Ask): Promise<DueRow[]> {
  const waiting = await listWaiting(db, task.name, ask.asOf);
  for (let size = ask.limit === undefined ? null : Math.max(previewPage, ask.limit); ; size! *= 2) {
    const listed = await task.due(db, ask, size);
    const rows = listed.filter(({ customer }) => !waiting.has(customer));
    if (size === null || rows.length >= ask.limit! || listed.length < size)
      return takeWhole(rows, ask.limit).sort(byTime);
  }
}

/**
 * Works through the due rows in pages, each in one transaction that is over in some 25 ms. A page that a row's data breaks is halved until that row's
 * customer stands alone and is parked (R41); the others go on. Customers who wait for their next try, and rows that are listed again just as
 * they were, are left alone for the rest of the run. Between pages it stops when it is told to.
 */
async function work(
  connection: Connection,
  task: RowTask & Pick<Task, 'count'>,
  batch: Batch,
  ask: Ask,
): Promise<Worked> {
  const worked = nothingDone();
  const pace = startPace(ask.pageSize);
  const waiting = await listWaiting(connection, task.name, ask.asOf);
  const seen = new Set<string>(); // of those who wait
  const aside = new Set(waiting);
  let widened = 1; // those set aside may not stand before the others for ever
  let before = new Set<string>();
  for (;;) {
    const room =
      ask.limit === undefined ? pace.size : Math.min(pace.size, ask.limit - worked.done - worked.parked);
    if (room <= 0) break;
    if (batch.shouldStop()) return { ...worked, stopped: true };
    const size = pace.size * widened;
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
      pace.took(page.length, performance.now() - from);
    } else if (isAll) break;
    batch.progress(worked.done);
  }
  return { ...worked, skipped: worked.skipped + seen.size, rows: worked.rows.sort(byTime) };

  async function doRows(rows: DueRow[]): Promise<void> {
    const customers = [...new Set(rows.map(({ customer }) => customer))];
    try {
      const done = await batch.write(async (tx, change) => {
        const applied = await task.apply(tx, ask, customers, change);
        await unpark(tx, task.name, customers);
        return applied;
      });
      worked.done += done;
      worked.skipped += Math.max(0, task.count(rows) - done);
      if (ask.keepRows && done > 0) worked.rows.push(...rows);
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      if (customers.length === 1) return park(rows[0]!, error);
      const half = new Set(customers.slice(0, customers.length / 2));
      await doRows(rows.filter(({ customer }) => half.has(customer)));
      await doRows(rows.filter(({ customer }) => !half.has(customer)));
    }
  }

  async function park({ customer, ...payload }: DueRow, error: unknown): Promise<void> {
    await batch.write((tx) => parkRow(tx, { task: task.name, customer, payload }, error, ask.asOf));
    aside.add(customer);
    worked.parked += 1;
  }
}

/** The rows of the customers of the first `limit` rows: a customer is done whole. */
function takeWhole(rows: readonly DueRow[], limit = rows.length): DueRow[] {
  const customers = new Set(rows.slice(0, limit).map(({ customer }) => customer));
  return rows.filter(({ customer }) => customers.has(customer));
}

const keyOf = ({ customer, subject, action, due_at: at }: DueRow) =>
  [customer, subject, action, at.getTime()].join('\u0000');

/** Customers that this task has parked and who are not to be tried again yet. */
async function listWaiting(db: Db, task: string, asOf: Date): Promise<Set<string>> {
  const rows = await db<{ customer: string }[]>`
    select distinct customer_id as customer from subctl.parked
     where task = ${task} and id = '' and (next_try_at is null or next_try_at > ${asOf})`;
  return new Set(rows.map(({ customer }) => customer));
}

/**
 * Whether an error comes from what a row holds, so that others may still succeed: the server's classes of data (22), constraints (23),
 * cardinality (21), limits (54), and what functions raise (P0, SB). A lost connection, a missing function or privilege is everybody's.
 */
function isOfTheData(error: unknown): boolean {
  const state = sqlStateOf(error) ?? '';
  return /^(21|22|23|2F|39|44|54|P0|SB)/.test(state) && !/^SB00[56]$/.test(state);
}

function byTime(a: DueRow, b: DueRow): number {
  return (
    a.due_at.getTime() - b.due_at.getTime() ||
    (a.customer < b.customer ? -1 : a.customer > b.customer ? 1 : 0)
  );
}
