import { listPayments as list } from '../../invoices/list-payments.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { choice, instant, integer, many } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl payments list --customer ann', 'the payment history of ann'],
    ['subctl payments list --status declined --from 2026-01-01 --json', 'payments declined this year'],
  ],
  rows: 'list',
})
  .description(
    'Includes payments received for an invoice and attempts to charge one. Each has an amount (also ' +
      'in minor units), a status, our reference and the id at the provider.',
  )
  .option('--customer <customer>', 'only payments of this customer')
  .option('--invoice <number>', 'only payments for this invoice')
  .option('--reference <text>', 'only the payment with this reference or provider id')
  .option(
    '--status <status>',
    'only payments with this status',
    many(
      choice([
        'intended',
        'processing',
        'requires_action',
        'paid',
        'declined',
        'refunded',
        'partially_refunded',
      ]),
    ),
    [],
  )
  .option('--from <time>', 'only payments from this time on', instant)
  .option('--to <time>', 'only payments before this time', instant)
  .option('--limit <number>', 'maximum number of payments', integer({ min: 1, max: 1_000_000 }), 50);

/** Prints payments and payment attempts, newest first. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { status: statuses, ...filter } = input;
  const rows = await list(await context.database(), { ...filter, statuses });
  return {
    columns: [
      { key: 'at' },
      { key: 'customer' },
      { key: 'invoice', optional: true },
      { key: 'status' },
      { key: 'amount', align: 'right' },
      { key: 'refunded', align: 'right', optional: true },
      { key: 'disputed', hidden: true },
      { key: 'currency', title: '' },
      { key: 'amount_minor', hidden: true },
      { key: 'provider', optional: true },
      { key: 'reference', optional: true },
      { key: 'provider_id', hidden: true },
      { key: 'attempt', hidden: true },
      { key: 'error', optional: true },
      { key: 'ask_at', hidden: true },
      { key: 'id', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: 'No payments',
  };
}
