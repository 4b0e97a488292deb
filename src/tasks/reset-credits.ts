import { call, callRows } from '../database/call.ts';
import { findOpenRows, pagesOf } from './pages.ts';
import { type DueRow, begunOf, rowsOfEach, type Task } from './task.ts';
import { taskOfRows } from './work.ts';

/** The personal reset: what expired leaves the ledger, the new period's grant comes in, the period's own windows are closed. */
export const resetCredits: Task = taskOfRows({
  name: 'reset-credits',
  counts: 'customers',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl_internal.due_resets(${asOf}, ${customer}, ${batch})`,
  async apply(tx, { asOf }, customers, change) {
    return (await call(tx, 'subctl_internal.reset_credits', {
      p_as_of: asOf,
      p_customers: customers,
      p_change: change.id,
      p_most: rowsOfEach(customers),
    }))!;
  },
  // who has windows of members or late uses to close is done, and counted, in one step
  pages: [pagesOf('reset_page', 250, (db, { asOf }) => findOpenRows(db, asOf, { personal: true }))],
  begun: async (db, { asOf }, customers) =>
    (await callRows(db, 'subctl_internal.pending_resets', { customers, as_of: asOf })).map(begunOf),
});
