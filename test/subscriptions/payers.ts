import { payInvoice } from '../../src/billing/pay-invoice.ts';
import type { Connection } from '../../src/database/connect.ts';
import { asTester } from '../support/catalogue.ts';
import { addOne, assign } from '../support/plans.ts';

/** Customers who pay by invoice, and what is read of them. */
export function payers(sql: Connection, prefix: string) {
  let count = 0;
  /** On pro from the first of January: its invoice is due on the 15th, its grace ends on the 22nd, its period on the first of February. */
  const payer = async () => {
    const id = `${prefix}-${++count}`;
    await addOne(sql, { id });
    await assign(sql, '2026-01-01T00:00:00Z', { customer: id, plan: 'pro', collection: 'invoice' });
    return id;
  };
  const pay = async (customer: string, at: string) => {
    const [{ number }] = await sql<[{ number: string }]>`
      select number from subctl.invoices where customer_id = ${customer} and status = 'open'`;
    const payment = { number, customer, provider: 'bank', reference: `${customer} ${number}` };
    return asTester(sql, (tx, change) => payInvoice(tx, change, payment), new Date(at));
  };
  const read = async (customer: string, at: string) => {
    const [row] = await sql`
      select plan_id as plan, status, access, basis, since from subctl_internal.effective_subscription(${customer}, ${at}::timestamptz)`;
    return row!;
  };
  const statuses = (customer: string) => sql`
    select g.from_at as at, g.status from subctl.subscription_phases g where g.customer_id = ${customer} order by 1`;
  const dues = (customer: string) => sql`
    select period_start, due_at, status from subctl.invoices where customer_id = ${customer} order by period_start`;
  return { payer, pay, read, statuses, dues };
}
