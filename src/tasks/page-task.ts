import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { TaskOptions } from './task-options.ts';

/** What a page of a task is given: under which change and lease it writes, and where it begins. */
export interface PageRequest {
  change: Change;
  /** of the run's lease, which the statement holds itself */
  token: string;
  /** rows at most */
  limit: number;
  /** customers that are left alone */
  aside: string[];
  /** the row with which the page before ended */
  after: PageEnd;
}

/** A due row: a page goes on behind it. */
export interface PageEnd {
  /** as the database writes it: a Date would cut its microseconds off */
  due: string;
  customer: string;
}

/** What a page did. `stop` is null when the lease was lost, and nothing was written. */
export interface PageDone {
  done: number;
  stop: boolean | null;
  /** its last row; both are null where it found none */
  last_due: string | null;
  last_customer: string | null;
  /** customers that it found and has to leave to the task's general statement */
  left_over: string[] | null;
}

/** The plain rows of a task: one statement a page searches, locks and writes them. */
export interface PageTask {
  /** rows of a page at most: few where whoever records a use has to wait for it */
  most: number;
  /** customers that no page may do, whatever else is due for them */
  leave?(db: Db, ask: TaskOptions): Promise<string[]>;
  write(db: Db, ask: TaskOptions, page: PageRequest): Promise<PageDone>;
}
