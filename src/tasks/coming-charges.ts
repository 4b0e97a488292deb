import { call } from '../database/call.ts';
import type { Connection, Db } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { isOfTheData } from '../database/dead-letters.ts';
import type { DueRow } from './task.ts';
import type { TaskOptions } from './task-options.ts';

const page = 200;

/**
 * The charges of invoices that the renewals of a preview would issue: those customers are renewed and undone, page by page, so that what is shown has
 * the seats, codes and use beyond limits of the invoice. Who would be parked is left out.
 */
export async function listComingCharges(
  connection: Connection,
  ask: TaskOptions,
  rows: readonly DueRow[],
): Promise<DueRow[]> {
  const due = [...new Set(rows.filter(({ action }) => action !== 'park').map(({ customer }) => customer))];
  const charged = await connection<{ customer: string }[]>`
    select customer_id as customer from subctl.subscriptions
     where customer_id = any (${due}::text[]) and collection = 'charge' and status in ('trialing', 'active', 'paused') order by customer_id`;
  const coming: DueRow[] = [];
  for (let from = 0; from < charged.length; from += page) {
    const customers = charged.slice(from, from + page).map(({ customer }) => customer);
    coming.push(...(await inDryRun(connection, (tx) => chargesOf(tx, ask, customers))));
  }
  return coming;
}

async function chargesOf(tx: Db, ask: TaskOptions, customers: readonly string[]): Promise<DueRow[]> {
  try {
    return await inSavepoint(tx, (inner) => renewAll(inner, ask, customers));
  } catch (error) {
    if (!isOfTheData(error)) throw error;
    if (customers.length === 1) return [];
    const alone: DueRow[] = [];
    for (const customer of customers) alone.push(...(await chargesOf(tx, ask, [customer])));
    return alone;
  }
}

async function renewAll(
  tx: Db,
  { asOf, chargeMissed = 'latest' }: TaskOptions,
  customers: readonly string[],
): Promise<DueRow[]> {
  for (let done = 1; done > 0;) {
    done = (await call(tx, 'subctl_internal.renew_subscriptions', {
      p_as_of: asOf,
      p_customers: customers,
      p_change: 'coming',
      p_charge_missed: chargeMissed,
    }))!;
  }
  return tx<DueRow[]>`
    select c.customer_id as customer, c.subject::text as subject, c.action, c.reason, c.due_at
      from subctl.due_charges c
      join subctl.invoices i on i.customer_id = c.customer_id and i.id = c.subject and i.change_id = 'coming'
     where c.customer_id = any (${[...customers]}::text[]) and c.due_at <= ${asOf}
     order by c.customer_id, c.due_at`;
}
