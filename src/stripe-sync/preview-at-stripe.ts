import { Failure } from '../domain/failure.ts';
import type { Db } from '../database/connect.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import type { LiveSubscription } from '../subscriptions/live-subscription.ts';
import type { PreviewedInvoice } from '../subscriptions/preview-invoice.ts';
import { linesAt } from './read-invoice.ts';

/** Reads the next invoice of a subscription that Stripe owns; null where there is none. @throws Failure unavailable, not_found */
export async function previewAtStripe(
  db: Db,
  account: StripeAccount,
  head: LiveSubscription,
): Promise<PreviewedInvoice> {
  const [row] = await db<{ id: string }[]>`
    select stripe_subscription_id as id from subctl.subscriptions where customer_id = ${head.customer} and id = ${head.id}`;
  const found = head.cancelAtPeriodEnd
    ? undefined
    : await account
        .ask((client) => client.invoices.createPreview({ subscription: row!.id }))
        .catch((error: unknown) => {
          if (error instanceof Failure && error.kind === 'refused') return undefined; // no upcoming invoice
          throw error;
        });
  if (!found) return { head, at: head.periodEnd, invoice: null };
  const currency = found.currency.toUpperCase();
  const lines = linesAt(found, currency).map(({ details, ...line }) => ({
    ...{ period_start: null, period_end: null, lapsed: null, unit_amount: line.amount },
    ...{ quantity: String(details?.quantity ?? 1), ...line },
  }));
  const plan = lines.find(({ kind }) => kind === 'plan');
  return {
    head,
    at: head.periodEnd,
    invoice: {
      ...{ lines, currency, due_at: null, timezone: 'UTC' },
      total: fromMinorUnits(minorFromNumber(found.total, 'total'), currency),
      period_start: plan?.period_start ?? null,
      period_end: plan?.period_end ?? null,
    },
  };
}
