import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Attempt } from './charge.ts';
import { isSecondPurchase } from './one-purchase.ts';

/**
 * Ends an attempt that the provider refuses whatever is tried (an amount below its least, a payment that it cannot make), or that was never asked
 * (its customer there is another one's here): it is declined with the reason, so that nothing waits for it. The customer is not told, for no bank said no; an invoice is tried again, under another key, on the days of
 * dunning. What may have happened (the provider was away) goes on; so does an attempt that the provider has, and one that waits until what was
 * bought at the provider as well is ended. Gives whether it is over.
 */
export async function refuseCharge(
  tx: Db,
  change: Change,
  { attempt, error }: { attempt: Attempt; error: unknown },
): Promise<boolean> {
  if (!(error instanceof Failure) || isSecondPurchase(error)) return false;
  if (error.kind !== 'refused' && error.details?.['belongs_to'] === undefined) return false;
  const { customer, payment, invoice } = attempt;
  const rows = await tx`
    update subctl.payments set status = 'declined', error = ${error.message}, ask_at = null, change_id = ${change.id}
     where customer_id = ${customer} and id = ${payment} and status = 'intended' returning 1`;
  if (rows.length === 0) return false;
  if (invoice !== null)
    await tx`
      update subctl.invoices i set collect_at = d.next
        from (select subctl.dunning_day(min(p.at), count(*)::int) as next from subctl.payments p
               where p.customer_id = ${customer} and p.invoice_id = ${invoice.id} and p.status = 'declined') d
       where i.customer_id = ${customer} and i.id = ${invoice.id} and i.status = 'open'`;
  return true;
}
