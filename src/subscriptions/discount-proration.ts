import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type IssuedInvoice, readIssued } from '../invoices/issue.ts';
import type { LiveSubscription } from './live-subscription.ts';

/**
 * Discounts an invoice for the rest of a period by the percentage codes that discounted the period's own invoice; no use of them is
 * counted.
 */
export async function discountProration(
  tx: Db,
  change: Change,
  { head, invoice }: { head: LiveSubscription; invoice: IssuedInvoice },
): Promise<IssuedInvoice> {
  const { customer, id } = head;
  await tx`
    select subctl_internal.discount_invoice(${customer}, ${invoice.id}, c.code, ${change.at})
      from (select distinct d.code from subctl.invoices i
              join subctl.invoice_lines l on l.customer_id = i.customer_id and l.invoice_id = i.id and l.kind = 'discount'
              join subctl.discounts d on d.code = l.details->>'code' and d.kind = 'percent'
             where i.customer_id = ${customer} and i.subscription_id = ${id} and i.period_start >= ${head.periodStart} and i.id <> ${invoice.id}
               and i.status in ('open', 'paid')
             order by d.code) c`;
  return readIssued(tx, customer, invoice.id);
}
