import type { Renamed } from '../database/columns.ts';
import type { dueCharges } from '../database/schema/views.ts';
import type { RowOf } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import type { TaskName } from '../scheduler/timetable.ts';
import type { PageTask } from './page-task.ts';
import type { FencedWriter } from './fenced-writer.ts';
import type { TaskOptions } from './task-options.ts';

/** One row that is due: whose, what would be done to what, and why. */
export type DueRow = Renamed<typeof dueCharges.$inferSelect, { customerId: 'customer'; dueAt: 'due_at' }> & {
  /** how many rows of the database it stands for, when that is not one */
  amount?: number;
};

/** What a run did. `parked` are the rows of this run that failed; `skipped` those it left alone. */
export interface TaskResult {
  done: number;
  skipped: number;
  parked: number;
  /** the rows it did; empty unless asked for */
  rows: DueRow[];
  /** what the person should know beside the counts */
  notes: string[];
  /** stopped by a signal or the stop flag before all was done */
  stopped: boolean;
}

/** A piece of work on the timetable. It may be stopped and repeated anywhere: what is done is not due any more. */
export interface Task {
  name: TaskName;
  /** What a run would do now; writes nothing. A row that it would park has the action `park`. */
  preview(connection: Connection, ask: TaskOptions): Promise<DueRow[]>;
  /** How many of the rows of a preview a run would count as done. */
  count(rows: readonly DueRow[]): number;
  /** Does what is due, in transactions that hold the fence of the run (R42). */
  run(connection: Connection, batch: FencedWriter, ask: TaskOptions): Promise<TaskResult>;
}

/** A task over rows of customers: a due relation and the statement that does what is due of some customers. */
export interface RowTask {
  name: TaskName;
  /** what `apply` counts: the rows of the relation, or their customers */
  counts?: 'rows' | 'customers';
  /** The due rows, at most `batch` of them; with their reasons where rows are kept. */
  due(db: Db, ask: TaskOptions, batch: number | null): Promise<DueRow[]>;
  /** Which of the customers of these rows may be due again once they are done. Without it a customer is done in one step. */
  again?(db: Db, ask: TaskOptions, rows: readonly DueRow[]): Promise<Set<string>>;
  /** Does what is still due of these customers, or a part of it, and gives the number of rows done. */
  apply(tx: Db, ask: TaskOptions, customers: readonly string[], change: Change): Promise<number>;
  /** How plain rows are done before all others, a page in one statement, and one kind of rows after the other. */
  pages?: readonly PageTask[];
  /** Of customers that `apply` has begun those of whom so much was missed that it has more to write (R36). */
  begun?(db: Db, ask: TaskOptions, customers: readonly string[]): Promise<Begun[]>;
}

/** A customer whose row is not done yet. */
export interface Begun {
  customer: string;
  since: Date;
  /** how many rows are to be written */
  left: number;
}

const batchRows = 500;

/** How many rows of each of so many customers a transaction writes of what was missed, so that it is over soon. */
export const rowsOfEach = (customers: readonly string[]): number =>
  Math.max(4, Math.ceil(batchRows / customers.length));

export const nothingDone = (): TaskResult => ({
  done: 0,
  skipped: 0,
  parked: 0,
  rows: [],
  notes: [],
  stopped: false,
});

/** What pending_resets and unclosed_windows say of a customer. */
export const begunOf = (row: RowOf<'subctl_internal.pending_resets'>): Begun => ({
  customer: row.customer_id!,
  since: row.since!,
  left: row.left_over!,
});
