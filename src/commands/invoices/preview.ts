import { findOwned } from '../../stripe-sync/find-owned.ts';
import { previewAtStripe } from '../../stripe-sync/preview-at-stripe.ts';
import { type PreviewedInvoice, previewInvoice as preview } from '../../subscriptions/preview-invoice.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { lineFields, linesOf } from './sections.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl invoices preview ann', 'with its line items'],
    ['subctl invoices preview ann --json', 'the same as JSON'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
})
  .description(
    'Simulates the end of the period and the start of the next one, and rolls it back. The preview ' +
      'is the next invoice if nothing else happens until then: plan and seats, discounts, and overage ' +
      'so far, in windows that end with the period. Open invoices count as paid. For a subscription ' +
      'that Stripe owns, Stripe computes the preview.',
  )
  .argument('<customer>', 'id of the customer');

/** Previews the next invoice of a customer; nothing is stored. */
export async function run(context: Context, customer: string): Promise<RecordOutcome> {
  const connection = await context.database();
  const owned = await findOwned(connection, customer);
  const previewed = owned
    ? await previewAtStripe(connection, await context.stripe(), owned)
    : await preview(connection, { customer, now: await context.now() });
  const { head, at, invoice } = previewed;
  const lines = invoice?.lines ?? [];
  const facts = factsOf(previewed);
  if (!invoice) context.note(`${customer} owes nothing at ${at.toISOString()}, when this period ends`);
  const entries = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key.replaceAll('_', ' '), value] as const);
  return {
    record: { ...facts, lines },
    title: `Next invoice of ${customer}`,
    timezone: invoice?.timezone ?? head.timezone,
    sections: [{ entries }, ...(invoice ? [linesOf(invoice)] : [])],
    lines: {
      columns: lineFields.filter((key) => key !== 'number').map((key) => ({ key })),
      rows: lines.map((line) => ({ ...line, currency: facts.currency })),
    },
  };
}

/** The invoice without its line items; a total of 0 when none will be issued. */
function factsOf({ head, at, invoice }: PreviewedInvoice) {
  const { customer, plan, collection, currency } = head;
  const none = { due_at: null, period_start: null, period_end: null, currency, total: '0' };
  const { due_at, period_start, period_end, ...sums } = invoice ?? none;
  return {
    ...{ customer, plan, seats: head.pendingQuantity ?? head.quantity, collection, issued_at: at },
    ...{ due_at, period_start, period_end, currency: sums.currency, total: sums.total },
  };
}
