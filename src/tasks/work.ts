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
  task: CountedTask,
  batch: FencedWriter,
  ask: TaskOptions,
): Promise<TaskResult> {
  const found = await findDeadLetters(connection, task.name, ask.asOf);
  return new RowWork({ connection, task, batch, ask }, found).run();
}

type CountedTask = RowTask & Pick<Task, 'count'>;

interface WorkParts {
  connection: Connection;
  task: CountedTask;
  batch: FencedWriter;
  ask: TaskOptions;
}

class RowWork {
  readonly #parts: WorkParts;
  readonly #parked: ReadonlySet<string>;
  readonly #waiting: ReadonlySet<string>;
  readonly #result = nothingDone();
  readonly #sizer: ReturnType<typeof createBatchSizer>;
  readonly #plain: ReturnType<typeof startPages>;
  /** customers that wait for their next try and were listed */
  readonly #seen = new Set<string>();
  /** customers that are left alone for the rest of the run */
  readonly #aside: Set<string>;
  /** by how much a list is longer than a page: those set aside may not stand before the others for ever */
  #widened = 1;
  /** keys of the rows of the page before */
  #before: ReadonlySet<string> = new Set();

  constructor(parts: WorkParts, { waiting, parked }: Parked) {
    const { connection, task, batch, ask } = parts;
    this.#parts = parts;
    this.#waiting = waiting;
    this.#parked = parked;
    this.#aside = new Set(waiting);
    this.#sizer = createBatchSizer(ask.pageSize);
    this.#plain = startPages(connection, task, batch, ask);
  }

  /** Plain pages first; after one that breaks, and after the last of them, lists. */
  async run(): Promise<TaskResult> {
    const { batch } = this.#parts;
    for (;;) {
      const isPlain = this.#plain.isOpen;
      if (!isPlain && this.#room() <= 0) break;
      if (batch.shouldStop()) return { ...this.#result, stopped: true };
      if (isPlain && (await this.#doPage())) continue;
      if (isPlain && batch.shouldStop()) return { ...this.#result, stopped: true };
      if (!(await this.#doList())) break;
      batch.progress(this.#result.done);
    }
    const { skipped, rows } = this.#result;
    return { ...this.#result, skipped: skipped + this.#seen.size, rows: rows.sort(byTime) };
  }

  /** How many rows the next list may do. */
  #room(): number {
    const { limit = Infinity } = this.#parts.ask;
    return Math.min(this.#sizer.size, limit - this.#result.done - this.#result.parked);
  }

  /** Does a page of plain rows; false when a row of it breaks the page, which is then done as others are. */
  async #doPage(): Promise<boolean> {
    try {
      this.#result.done += await this.#plain.next(new Set([...this.#parked, ...this.#aside]));
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      return false;
    }
    this.#parts.batch.progress(this.#result.done);
    return true;
  }

  /** Lists what is due and does a page of it; false when nothing is left. */
  async #doList(): Promise<boolean> {
    const { connection, task, ask } = this.#parts;
    const size = this.#sizer.size * this.#widened;
    const listed = await task.due(connection, ask, size);
    for (const row of listed) {
      if (this.#before.has(keyOf(row))) this.#aside.add(row.customer);
      if (this.#waiting.has(row.customer)) this.#seen.add(row.customer);
    }
    const rows = listed.filter(({ customer }) => !this.#aside.has(customer));
    const isAll = listed.length < size;
    if (!isAll && rows.length * 2 < size) this.#widened *= 2;
    const page = takeWhole(rows, this.#room());
    this.#before = new Set(page.map(keyOf));
    if (page.length === 0) return !isAll;
    const from = performance.now();
    await this.#doRows(page);
    this.#sizer.measured(page.length, performance.now() - from);
    return true;
  }

  /** Does the rows of a page; one that their data breaks is halved until a customer stands alone and is parked. */
  async #doRows(rows: DueRow[]): Promise<void> {
    const customers = [...new Set(rows.map(({ customer }) => customer))];
    let left = customers;
    try {
      const done = await this.#inParts(customers, (begun) => (left = begun));
      this.#note(rows, done, left.length > 0);
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      if (left.length === 1)
        return this.#park(
          rows.find(({ customer }) => customer === left[0])!,
          error,
        );
      const half = new Set(left.slice(0, left.length / 2));
      const other = new Set(left.slice(half.size));
      await this.#doRows(rows.filter(({ customer }) => half.has(customer)));
      await this.#doRows(rows.filter(({ customer }) => other.has(customer)));
    }
  }

  /** Counts what was done of the rows; after a stop the next run goes on with those that are left. */
  #note(rows: readonly DueRow[], done: number, isStopped: boolean): void {
    const { task, ask } = this.#parts;
    this.#result.done += done;
    if (isStopped) return;
    this.#result.skipped += Math.max(0, task.count(rows) - done);
    if (ask.keepRows && done > 0) for (const row of rows) this.#result.rows.push(row);
  }

  /** Does these customers in as many transactions as it takes, and says after each who is left; gives the number of rows done. */
  async #inParts(customers: string[], left: (begun: string[]) => void): Promise<number> {
    const { task, batch, ask } = this.#parts;
    let part = noPart();
    for (let rest = customers; rest.length > 0; rest = [...part.begun.keys()]) {
      part = await batch.write(async (tx, change) => {
        const next = await applyPart(tx, task, { ask, customers: rest, change, before: part });
        if (this.#parked.size > 0) await removeDeadLetters(tx, task.name, rest);
        return next;
      });
      left([...part.begun.keys()]);
      if (batch.shouldStop()) break;
      if (part.begun.size > 0) batch.progress(this.#result.done + part.done);
    }
    return part.done;
  }

  async #park(row: DueRow, error: unknown): Promise<void> {
    const { task, batch, ask } = this.#parts;
    await batch.write(async (tx) => {
      const found = await task.due(tx, { ...ask, customer: row.customer, keepRows: true }, null);
      const { customer, ...payload } = found.find((each) => keyOf(each) === keyOf(row)) ?? row;
      await addDeadLetter(tx, { task: task.name, customer, payload }, error, ask.asOf);
    });
    this.#aside.add(row.customer);
    this.#result.parked += 1;
  }
}

/** The rows of the customers of the first `limit` rows: a customer is done whole. */
function takeWhole(rows: readonly DueRow[], limit = rows.length): DueRow[] {
  const customers = new Set(rows.slice(0, limit).map(({ customer }) => customer));
  return rows.filter(({ customer }) => customers.has(customer));
}

interface Parked {
  waiting: Set<string>;
  parked: Set<string>;
}

/** Customers that this task has parked: those who are not to be tried again yet, and all of them. */
async function findDeadLetters(db: Db, task: string, asOf: Date): Promise<Parked> {
  const rows = await db<{ customer: string; waits: boolean }[]>`
    select distinct customer_id as customer, next_try_at is null or next_try_at > ${asOf} as waits
      from subctl.parked where task = ${task} and id = ''`;
  const waiting = rows.filter(({ waits }) => waits).map(({ customer }) => customer);
  return { waiting: new Set(waiting), parked: new Set(rows.map(({ customer }) => customer)) };
}

function byTime(a: DueRow, b: DueRow): number {
  return a.due_at.getTime() - b.due_at.getTime() || compareText(a.customer, b.customer);
}
