import { call } from '../database/call.ts';
import { pagesOf } from './pages.ts';
import { type Begun, type DueRow, rowsOfEach, type Task } from './task.ts';
import { taskOfRows } from './work.ts';

/** Ends what is over at its own end: trials, cancellations, subscriptions past their end and grace; each goes to its fallback plan. */
export const checkExpired: Task = taskOfRows({
  name: 'check-expired',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl_internal.due_expiries(${asOf}, ${customer}, ${batch})`,
  async apply(tx, { asOf }, customers, change) {
    return (await call(tx, 'subctl_internal.expire_subscriptions', {
      as_of: asOf,
      customers,
      change: change.id,
      most: rowsOfEach(customers),
    }))!;
  },
  pages: [pagesOf('expire_page', 250)],
  begun: (db, { asOf }, customers) => db<Begun[]>`
    select distinct on (t.customer_id) t.customer_id as customer, b.since, b.left_over as left
      from subctl_internal.due_transitions('end', ${asOf}, ${customers as string[]}::text[]) t
     cross join lateral subctl_internal.pending_credit_expiries(array[t.customer_id], t.due_at - interval '1 microsecond') b
     order by t.customer_id, b.since`,
});
