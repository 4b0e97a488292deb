import { and, eq } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { payments } from '../database/schema/invoices.ts';
import { Failure } from '../domain/failure.ts';
import type { Attempt } from './charge.ts';
import { isSecondPurchase } from './one-purchase.ts';

/**
 * Ends an attempt that the provider will never accept (an amount below its minimum, an unsupported payment), or that was never sent (its
 * customer there belongs to another customer here). The attempt is declined with the reason. The customer is not notified, since no bank
 * declined; dunning retries the invoice under another key. An attempt continues where its outcome is unknown (the provider was
 * unavailable), where the provider has it, and where it waits for another purchase to end. Returns whether the attempt has ended.
 */
export async function refuseCharge(
  tx: Db,
  change: Change,
  { attempt, error }: { attempt: Attempt; error: unknown },
): Promise<boolean> {
  if (!(error instanceof Failure) || isSecondPurchase(error)) return false;
  if (error.kind !== 'refused' && error.details?.['belongs_to'] === undefined) return false;
  const { customer, payment, invoice } = attempt;
  const isIt = and(eq(payments.customerId, customer), eq(payments.id, payment));
  const rows = await orm(tx)
    .update(payments)
    .set({ status: 'declined', error: error.message, askAt: null, changeId: change.id })
    .where(and(isIt, eq(payments.status, 'intended')))
    .returning({ id: payments.id });
  if (rows.length === 0) return false;
  if (invoice !== null)
    await tx`
      update subctl.invoices i set collect_at = d.next
        from (select subctl_internal.dunning_day(min(p.at), count(*)::int) as next from subctl.payments p
               where p.customer_id = ${customer} and p.invoice_id = ${invoice.id} and p.status = 'declined') d
       where i.customer_id = ${customer} and i.id = ${invoice.id} and i.status = 'open'`;
  return true;
}
