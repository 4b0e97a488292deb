import { findOwned } from '../../stripe-sync/find-owned.ts';
import { previewAtStripe } from '../../stripe-sync/preview-at-stripe.ts';
import { type PreviewedInvoice, previewInvoice as preview } from '../../subscriptions/preview-invoice.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { lineFields, linesOf } from './sections.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl invoices preview ann', 'line by line'],
    ['subctl invoices preview ann --json', 'the same, for a program'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
})
  .description(
    'The period is ended and the next one begun, and all of it undone: so it has what that invoice ' +
      'will have, if nothing more happens until then. Plan and seats, codes, and what was used so far ' +
      'beyond limits that are sold, in windows that end with the period. Invoices that are open are ' +
      'taken as paid. Of what Stripe owns, Stripe is asked.',
  )
  .argument('<customer>', 'id of the customer');

/** Prints what the next invoice of a customer will say; nothing is kept of it. */
export async function run(context: Context, customer: string): Promise<RecordOutcome> {
  const connection = await context.database();
  const owned = await findOwned(connection, customer);
  const previewed = owned
    ? await previewAtStripe(connection, await context.stripe(), owned)
    : await preview(connection, { customer, now: await context.now() });
  const { head, at, invoice } = previewed;
  const lines = invoice?.lines ?? [];
  const facts = factsOf(previewed);
  if (!invoice) context.note(`Nothing is asked of ${customer} at ${at.toISOString()}, when this period ends`);
  const entries = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key.replaceAll('_', ' '), value] as const);
  return {
    record: { ...facts, lines },
    title: `The next invoice of ${customer}`,
    timezone: invoice?.timezone ?? head.timezone,
    sections: [{ entries }, ...(invoice ? [linesOf(invoice)] : [])],
    lines: {
      columns: lineFields.filter((key) => key !== 'number').map((key) => ({ key })),
      rows: lines.map((line) => ({ ...line, currency: facts.currency })),
    },
  };
}

/** The invoice without its lines; where none will be issued, a total of 0. */
function factsOf({ head, at, invoice }: PreviewedInvoice) {
  const { customer, plan, collection, currency } = head;
  const none = { due_at: null, period_start: null, period_end: null, currency, total: '0' };
  const { due_at, period_start, period_end, ...sums } = invoice ?? none;
  return {
    ...{ customer, plan, seats: head.pendingQuantity ?? head.quantity, collection, issued_at: at },
    ...{ due_at, period_start, period_end, currency: sums.currency, total: sums.total },
  };
}
