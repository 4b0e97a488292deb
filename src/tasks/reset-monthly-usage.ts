import { call, callRows } from '../database/call.ts';
import { findOpenRows, pagesOf } from './pages.ts';
import { type DueRow, begunOf, rowsOfEach, type Task } from './task.ts';
import { taskOfRows } from './work.ts';

/** Closes calendar windows that have ended, whenever that was: the limits have moved on by themselves, this keeps the history. */
export const resetMonthlyUsage: Task = taskOfRows({
  name: 'reset-monthly-usage',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl_internal.due_windows(${asOf}, ${customer}, ${batch})`,
  async apply(tx, { asOf }, customers, change) {
    return (await call(tx, 'subctl_internal.close_windows', {
      p_as_of: asOf,
      p_customers: customers,
      p_change: change.id,
      p_personal: false,
      p_most: rowsOfEach(customers) * customers.length,
    }))!;
  },
  // who has rows of uses that came late has them closed together with the others
  pages: [pagesOf('close_page', 500, (db, { asOf }) => findOpenRows(db, asOf, { personal: false }))],
  begun: async (db, { asOf }, customers) =>
    (await callRows(db, 'subctl_internal.unclosed_windows', { customers, as_of: asOf, personal: false })).map(
      begunOf,
    ),
});
