import { listPayments as list } from '../../invoices/list-payments.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { choice, instant, integer, many } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl payments list --customer ann', 'the payment history of ann'],
    ['subctl payments list --status declined --from 2026-01-01 --json', 'what was declined this year'],
  ],
  rows: 'list',
})
  .description(
    'A payment is money that came for an invoice, or an attempt to charge it: its amount (in minor ' +
      'units too), its state, our reference and the provider’s id.',
  )
  .option('--customer <customer>', 'only those of this customer')
  .option('--invoice <number>', 'only those for this invoice')
  .option('--reference <text>', 'only the one with this reference, or with this id at the provider')
  .option(
    '--status <status>',
    'only those in this state; may be given several times',
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
  .option('--from <time>', 'only those from here on', instant)
  .option('--to <time>', 'only those before this', instant)
  .option('--limit <number>', 'how many at most (50)', integer({ min: 1, max: 1_000_000 }), 50);

/** Prints payments and attempts at them, the newest first. */
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
