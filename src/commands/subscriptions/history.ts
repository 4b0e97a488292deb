import { listHistory as list } from '../../subscriptions/history.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions history ann', 'the full history'],
    ['subctl subscriptions history ann --format csv', 'as CSV'],
  ],
  exits: [3],
  rows: 'list',
})
  .description(
    'Starts, changes, renewals, usage resets, invoices and ends, each with its effective time and ' +
      'actor.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--limit <number>', 'maximum number of events', integer({ min: 1 }), 1000);

/** Prints the history of a customer's subscriptions, oldest first. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const input = { customer, ...options };
  const rows = await list(await context.database(), input);
  return {
    columns: [
      { key: 'at' },
      { key: 'event' },
      { key: 'plan' },
      { key: 'version', hidden: true },
      { key: 'status' },
      { key: 'period_start', hidden: true },
      { key: 'period_end', optional: true },
      { key: 'amount', align: 'right' },
      { key: 'currency', title: '', optional: true },
      { key: 'detail', optional: true },
      { key: 'actor', optional: true },
      { key: 'change', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: `${input.customer} never had a subscription`,
  };
}
