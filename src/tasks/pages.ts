import type { Connection, Db } from '../database/connect.ts';
import { type BatchSizer, createBatchSizer } from './batch-sizer.ts';
import type { FencedWriter } from './fenced-writer.ts';
import type { RowTask } from './task.ts';
import type { TaskOptions } from './task-options.ts';
import type { PageEnd, PageDone, PageTask } from './page-task.ts';

/** The pages of a function of the database: renew_page and its kin have the same argument and answers. */
export function pagesOf(name: string, most: number, leave?: PageTask['leave']): PageTask {
  return {
    most,
    ...(leave && { leave }),
    async write(db, { asOf, chargeMissed = 'latest' }, { change, token, limit, aside, after }) {
      const [page] = await db<[PageDone]>`
        select done, stop, last_due::text, last_customer, left_over
          from subctl_internal.${db(name)}(row(${asOf}, ${change.id}, ${token}, ${limit}, ${aside}::text[], ${chargeMissed}, ${after.due},
                 ${after.customer})::subctl.page_request)`;
      return page;
    },
  };
}

/** Customers with windows that are rows of their own, of members or of uses that came late, and have ended. */
export async function findOpenRows(
  db: Db,
  asOf: Date,
  { personal }: { personal: boolean },
): Promise<string[]> {
  const rows = await db<{ customer: string }[]>`
    select distinct w.customer_id as customer from subctl.open_rows w
     where w.window_end <= ${asOf} and w.personal = ${personal} limit 20000`;
  return rows.map(({ customer }) => customer);
}

/** With so many to be passed over, pages save nothing any more. */
const mostLeftOver = 10_000;

/** Works through the plain rows of a run, page by page. */
export interface Pages {
  /** false once there are none left: what remains is for the task's general statement */
  readonly isOpen: boolean;
  /** Writes the next page and gives the number of rows done. After an error the rest of that page is to be done in another way. */
  next(aside: ReadonlySet<string>): Promise<number>;
}

/**
 * Pages are for runs over everybody that keep no rows: with a customer, a limit or rows to show, rows are listed and done
 * one list after the other.
 */
export function startPages(
  connection: Connection,
  task: RowTask,
  batch: FencedWriter,
  ask: TaskOptions,
): Pages {
  const isWhole = ask.customer === undefined && ask.limit === undefined && ask.keepRows !== true;
  const kinds = isWhole ? [...(task.pages ?? [])] : [];
  const leftOver = new Set<string>();
  let [sizer, after] = begin(kinds[0], ask);
  let isFirst = true;
  return {
    get isOpen() {
      return kinds.length > 0 && leftOver.size <= mostLeftOver;
    },
    async next(aside) {
      const kind = kinds[0]!;
      if (isFirst) for (const customer of (await kind.leave?.(connection, ask)) ?? []) leftOver.add(customer);
      isFirst = false;
      if (leftOver.size > mostLeftOver) return 0;
      const limit = sizer.size;
      const from = performance.now();
      const page = await batch.page((db, change, token) =>
        kind.write(db, ask, { change, token, limit, aside: [...aside, ...leftOver], after }),
      );
      sizer.measured(page.done, performance.now() - from);
      for (const customer of page.left_over ?? []) leftOver.add(customer);
      if (page.last_due !== null) after = { due: page.last_due, customer: page.last_customer! };
      else {
        kinds.shift();
        [sizer, after, isFirst] = [...begin(kinds[0], ask), true];
      }
      return page.done;
    },
  };
}

function begin(kind: PageTask | undefined, ask: TaskOptions): [BatchSizer, PageEnd] {
  const most = kind?.most ?? 1;
  return [
    createBatchSizer(ask.pageSize, { least: Math.ceil(most / 8), most }),
    { due: '-infinity', customer: '' },
  ];
}
