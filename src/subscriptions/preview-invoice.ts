import type { Change } from '../database/change.ts';
import type { Connection, Db } from '../database/connect.ts';
import { inDryRun } from '../database/dry-run.ts';
import { Failure } from '../domain/failure.ts';
import { type ShownInvoice, showInvoice } from '../invoices/show.ts';
import type { LiveSubscription } from './live-subscription.ts';
import { settleSubscriptions } from './settle.ts';
import { getLiveSubscription } from './lock-live-subscription.ts';

/** The next invoice of a customer, as it would be; `invoice` null where nothing is asked. */
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
 * What the next invoice will say, if nothing more happens until then: the period is ended and the next one begun, at that instant, and all of it
 * undone. So it has what that invoice has: plan and seats, codes, and the use beyond limits so far. What is open now is taken as paid.
 * @throws Failure not_found without a subscription, refused for what Stripe owns and for a pause whose end nobody knows
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
    select subctl.settle_invoice(i.customer_id, i.id, ${change.at}, ${change.at}, ${change.id})
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
    throw new Failure(
      'refused',
      `The subscription of ${customer} to ${plan} is paused, and nobody knows until when`,
      {
        hint: `subctl subscriptions resume ${customer} --dry-run`,
      },
    );
  }
}
