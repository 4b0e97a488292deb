import { findOpenRows, pagesOf } from './pages.ts';
import { type Begun, type DueRow, rowsOfEach, type Task } from './task.ts';
import { taskOfRows } from './work.ts';

/** Closes calendar windows that have ended, whenever that was: the limits have moved on by themselves, this keeps the history. */
export const resetMonthlyUsage: Task = taskOfRows({
  name: 'reset-monthly-usage',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl.due_windows(${asOf}, ${customer}, ${batch})`,
  async apply(tx, { asOf }, customers, change) {
    const [row] = await tx<[{ done: number }]>`
      select subctl.close_windows(${asOf}, ${customers as string[]}::text[], ${change.id}, false,
               ${rowsOfEach(customers) * customers.length}) as done`;
    return row.done;
  },
  // who has rows of uses that came late has them closed together with the others
  pages: [pagesOf('close_page', 500, (db, { asOf }) => findOpenRows(db, asOf, { personal: false }))],
  begun: (db, { asOf }, customers) => db<Begun[]>`
    select customer_id as customer, since, left_over as left from subctl.windows_behind(${customers as string[]}::text[], ${asOf}, false)`,
});
