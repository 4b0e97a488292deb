import { showInvoice as show } from '../../invoices/show.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { invoicePage } from './page.ts';
import { lineFields, sectionsOf } from './sections.ts';
import { type Options, verb } from '../verb.ts';
import { customerOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices show 7E0D7F8A-0001', 'with line items and payments'],
    ['subctl invoices show 7E0D7F8A-0001 --format html > invoice.html', 'a page to print'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
})
  .description(
    '--format html prints a self-contained page for the customer, to print or to send. --format ' +
      'markdown and csv print the same line items.',
  )
  .argument('<invoice>', 'number of the invoice, or its id')
  .addOption(customerOption);

/** Prints an invoice: as HTML a page for the customer, as CSV the line items. */
export async function run(
  context: Context,
  number: string,
  { customer }: Options<typeof command>,
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
