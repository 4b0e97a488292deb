import type { Change } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import { Failure } from '../domain/failure.ts';
import { type ShownInvoice, showInvoice } from '../invoices/show.ts';
import type { LiveSubscription } from './live-subscription.ts';
import { settleSubscriptions } from './settle.ts';
import { getLiveSubscription } from './lock-live-subscription.ts';

/** The next invoice of a customer, as it would be; `invoice` null where there is no charge. */
export interface PreviewedInvoice {
  head: LiveSubscription;
  /** when it is issued */
  at: Date;
  invoice: Pick<
    ShownInvoice,
    'lines' | 'due_at' | 'period_start' | 'period_end' | 'currency' | 'total' | 'timezone'
  > | null;
}

/**
 * Previews the next invoice, if nothing else happens until then: ends the period and begins the next one at that instant, and rolls it
 * back. So it has the plan and seats of that invoice, its discounts, and the overage so far. Open invoices are assumed to be paid.
 * @throws Failure not_found without a subscription, refused for one that Stripe owns and for a pause with an unknown end
 */
export async function previewInvoice(
  connection: Connection,
  { customer, now }: { customer: string; now: Date },
): Promise<PreviewedInvoice> {
  return inDryRun(connection, async (tx) => {
    const change: Change = { id: 'preview', at: now, actor: 'nobody', reason: null };
    await getLiveSubscription(tx, customer);
    await settleSubscriptions(tx, change, [customer]);
    await payOpen(tx, change, customer);
    const head = await getLiveSubscription(tx, customer);
    checkSubscription(head);
    const at = head.resumesAt !== null && head.resumesAt > head.periodEnd ? head.resumesAt : head.periodEnd;
    await settleSubscriptions(tx, { ...change, id: 'preview-next', at }, [customer]);
    const [next] = await tx<{ id: string }[]>`
      select id from subctl.invoices where customer_id = ${customer} and change_id = 'preview-next' order by number desc limit 1`;
    return { head, at, invoice: next ? await showInvoice(tx, { number: next.id, customer, now: at }) : null };
  });
}

async function payOpen(tx: Db, change: Change, customer: string): Promise<void> {
  await tx`
    select subctl_internal.settle_invoice(i.customer_id, i.id, ${change.at}, ${change.at}, ${change.id})
      from subctl.invoices i where i.customer_id = ${customer} and i.status = 'open'`;
}

function checkSubscription({
  customer,
  plan,
  collection,
  status,
  pauseClock,
  resumesAt,
}: LiveSubscription): void {
  if (collection === 'stripe') {
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} belongs to Stripe, which invoices it`,
      {
        hint: `subctl stripe portal ${customer}`,
      },
    );
  }
  if (status === 'paused' && resumesAt === null && pauseClock !== null) {
    throw new Failure('refused', `The subscription of ${customer} to ${plan} is paused without an end date`, {
      hint: `subctl subscriptions resume ${customer} --dry-run`,
    });
  }
}
