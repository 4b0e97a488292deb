import { and, eq, inArray } from 'drizzle-orm';
import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm, trimmed } from '../database/orm.ts';
import { invoices } from '../database/schema/invoices.ts';
import { lockCustomer } from '../customers/find-customer.ts';
import { getInvoice } from '../invoices/find-invoice.ts';
import { settleSubscriptions } from '../subscriptions/settle.ts';
import { describeAmountDue } from './amount-due.ts';
import type { InvoiceOutcome } from './pay-invoice.ts';

/**
 * Voids an unpaid invoice. Nothing is owed on it any more: a subscription that was past due for it alone is active again. Its number stays
 * used, because numbers have no gaps.
 * @throws Failure not_found, refused for one that is paid or whose payment is under way
 */
export async function voidInvoice(
  tx: Db,
  change: Change,
  asked: { number: string; customer?: string | undefined },
): Promise<InvoiceOutcome> {
  const found = await getInvoice(tx, asked);
  const { customer, number } = found;
  await lockCustomer(tx, customer);
  await settleSubscriptions(tx, change, [customer]);
  const credited = await listCredited(tx, found);
  const recovered = await call(tx, 'subctl_internal.void_invoice', {
    p_customer: customer,
    p_invoice: found.id,
    p_as_of: change.at,
    p_change: change.id,
  });
  if (recovered) await settleSubscriptions(tx, change, [customer]);
  const changed = found.status !== 'void';
  await audit(tx, change, [
    { customer, entity: 'invoice', key: number, before: { status: found.status }, after: { status: 'void' } },
  ]);
  const raised = await listRaised(tx, customer, credited);
  const amountDue = await describeAmountDue(tx, {
    customer,
    subscription: found.subscription,
    now: change.at,
  });
  return {
    ...{ invoice: number, customer, status: 'void', total: found.total, currency: found.currency },
    ...{ recovered: recovered, subscription_status: amountDue.status },
    changed,
    sentence: !changed
      ? `Nothing to do: invoice ${number} is already void`
      : `Invoice ${number} of ${customer} is void: ${found.total} ${found.currency} is no longer due${raised}${recovered ? '; the subscription is active again' : amountDue.sentence}`,
  };
}

/** Finds the open invoices that include a credit for the unused days of an invoice. */
async function listCredited(tx: Db, { customer, id }: { customer: string; id: string }): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select i.id from subctl.invoices i
     where i.customer_id = ${customer} and i.status = 'open' and exists (
       select from subctl.invoice_lines l
        where l.customer_id = i.customer_id and l.invoice_id = i.id and l.details->'credits' @> ${tx.json([{ invoice: id }])})`;
  return rows.map((row) => row.id);
}

/** Describes the new total of the invoices that have lost such a credit, as the end of a sentence. */
async function listRaised(tx: Db, customer: string, ids: readonly string[]): Promise<string> {
  const rows = await orm(tx)
    .select({ number: invoices.number, total: trimmed(invoices.total), currency: invoices.currency })
    .from(invoices)
    .where(and(eq(invoices.customerId, customer), inArray(invoices.id, [...ids])))
    .orderBy(invoices.number);
  return rows
    .map(
      ({ number, total, currency }) =>
        `; invoice ${number} loses its credit for unused days and now totals ${total} ${currency}`,
    )
    .join('');
}
