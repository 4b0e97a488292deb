import { call } from '../database/call.ts';
import { pagesOf } from './pages.ts';
import { type Begun, type DueRow, rowsOfEach } from './task.ts';
import { taskOfRows } from './work.ts';

const shortestPeriodMs = 86_400_000;

/** The part of handle-renewals that the database does alone: periods, pauses that are over, invoices that were not paid. */
export const renewals = taskOfRows({
  name: 'handle-renewals',
  due: (db, { asOf, customer = null, keepRows = false }, batch) => db<DueRow[]>`
    select customer_id as customer, subject, action, ${keepRows ? db`reason` : db`''`} as reason, due_at from subctl_internal.due_renewals(${asOf}, ${customer}, ${batch})`,
  async again(db, { asOf }, rows) {
    const unpaid = await db<{ customer: string }[]>`
      select distinct customer_id as customer from subctl.invoices where status = 'open' and due_at <= ${asOf}`;
    const owing = new Set(unpaid.map(({ customer }) => customer));
    const late = rows.filter(
      ({ customer, action, due_at: at }) =>
        action === 'resume' || owing.has(customer) || asOf.getTime() - at.getTime() >= shortestPeriodMs,
    );
    return new Set(late.map(({ customer }) => customer));
  },
  async apply(tx, { asOf, chargeMissed = 'latest' }, customers, change) {
    return (await call(tx, 'subctl_internal.renew_subscriptions', {
      p_as_of: asOf,
      p_customers: customers,
      p_change: change.id,
      p_charge_missed: chargeMissed,
      p_most: rowsOfEach(customers),
    }))!;
  },
  // recording waits for those with an invoice only: they hold their customers, whose invoices are numbered
  pages: [pagesOf('renew_page', 1_000), pagesOf('renew_billed_page', 250)],
  begun: (db, { asOf }, customers) => db<Begun[]>`
    select distinct on (t.customer_id) t.customer_id as customer, b.since, b.left_over as left
      from subctl_internal.due_transitions('renew', ${asOf}, ${customers as string[]}::text[]) t
     cross join lateral subctl_internal.pending_credit_expiries(array[t.customer_id], t.due_at - interval '1 microsecond') b
     order by t.customer_id, b.since`,
});
