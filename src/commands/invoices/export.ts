import { exportInvoices as pages } from '../../invoices/export.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices export --from 2026-01-01 --format csv > invoices.csv', 'invoices since January'],
    ['subctl invoices export --customer ann --format ndjson', 'all invoices of ann'],
  ],
  rows: 'list',
})
  .description(
    'Prints one row per line item, with the fields of its invoice; oldest first, streamed. Use ' +
      '--format csv or ndjson.',
  )
  .option('--customer <customer>', 'only invoices of this customer')
  .addOption(fromOption)
  .addOption(toOption);

/** Prints the line items of invoices. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { customer, from, to } = input;
  const keys = [
    'number',
    'customer',
    'status',
    'currency',
    'total',
    'issued_at',
    'due_at',
    'paid_at',
    'voided_at',
  ];
  const ofLine = [
    'line',
    'kind',
    'description',
    'quantity',
    'unit_amount',
    'amount',
    'period_start',
    'period_end',
  ];
  return {
    columns: [...keys, ...ofLine].map((key) => ({ key })),
    rows: pages(await context.database(), { customer, from, to }),
    empty: 'No invoices',
  };
}
