import { listHistory as list } from '../../subscriptions/history.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions history ann', 'the whole story'],
    ['subctl subscriptions history ann --format csv', 'for a spreadsheet'],
  ],
  exits: [3],
  rows: 'list',
})
  .description(
    'Starts, changes, renewals, resets of usage, invoices and ends, each at its true instant with who ' +
      'did it.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--limit <number>', 'how many at most (1000)', integer({ min: 1 }), 1000);

/** Prints what happened, oldest first. */
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
    empty: `${input.customer} has had no subscription`,
  };
}
