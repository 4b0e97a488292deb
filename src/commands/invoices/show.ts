import { showInvoice as show } from '../../invoices/show.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { invoicePage } from './page.ts';
import { lineFields, sectionsOf } from './sections.ts';
import type { showInvoice } from './spec.ts';

/** Prints an invoice; as HTML it is a page for the customer, as CSV its lines. */
export async function run(
  context: Context,
  { invoice: number, customer }: InputOf<typeof showInvoice>,
): Promise<RecordOutcome> {
  const shown = await show(await context.database(), { number, customer, now: await context.now() });
  const { lines, timezone, currency } = shown;
  return {
    record: shown,
    title: `Invoice ${shown.number}`,
    timezone,
    sections: sectionsOf(shown),
    lines: {
      columns: lineFields.map((key) => ({ key })),
      rows: lines.map((line) => ({ ...line, number: shown.number, currency })),
    },
    page: () => invoicePage(shown),
  };
}
