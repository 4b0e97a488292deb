import type { DueRow, Task } from './task.ts';
import { taskOfRows } from './work.ts';

/** Ends what is over at its own end: trials, cancellations, subscriptions past their end and grace; each goes to its fallback plan. */
export const checkExpired: Task = taskOfRows({
  name: 'check-expired',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl.due_expiries(${asOf}, ${customer}, ${batch})`,
  async apply(tx, { asOf }, customers, change) {
    const [row] = await tx<[{ done: number }]>`
      select subctl.expire_subscriptions(${asOf}, ${customers as string[]}::text[], ${change.id}) as done`;
    return row.done;
  },
});
