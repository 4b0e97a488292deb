import { findOpenRows, pagesOf } from './pages.ts';
import { type Begun, type DueRow, rowsOfEach, type Task } from './task.ts';
import { taskOfRows } from './work.ts';

/** The personal reset: what expired leaves the ledger, the new period's grant comes in, the period's own windows are closed. */
export const resetCredits: Task = taskOfRows({
  name: 'reset-credits',
  counts: 'customers',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl.due_resets(${asOf}, ${customer}, ${batch})`,
  async apply(tx, { asOf }, customers, change) {
    const [row] = await tx<[{ done: number }]>`
      select subctl.reset_credits(${asOf}, ${customers as string[]}::text[], ${change.id}, ${rowsOfEach(customers)}) as done`;
    return row.done;
  },
  // who has windows of members or late uses to close is done, and counted, in one step
  pages: [pagesOf('reset_page', 250, (db, { asOf }) => findOpenRows(db, asOf, { personal: true }))],
  begun: (db, { asOf }, customers) => db<Begun[]>`
    select customer_id as customer, since, left_over as left from subctl.resets_behind(${customers as string[]}::text[], ${asOf})`,
});
