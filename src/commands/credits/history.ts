import { listHistory } from '../../credits/history.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl credits history ann', 'all ledger entries, with the balance after each'],
    ['subctl credits history ann --from 2026-01-01 --format csv', 'this year, for a spreadsheet'],
  ],
  exits: [3],
  rows: 'list',
})
  .argument('<customer>', 'id of the customer')
  .option('--from <time>', 'entries at or after this time', instant)
  .option('--to <time>', 'entries before this time', instant)
  .option('--limit <number>', 'maximum number of entries', integer({ min: 1 }));

const columns: Column[] = [
  { key: 'at' },
  { key: 'kind' },
  { key: 'amount', align: 'right' },
  { key: 'balance_after', title: 'balance', align: 'right' },
  { key: 'source' },
  { key: 'actor', optional: true },
  { key: 'reason', optional: true },
  ...['id', 'grant', 'event', 'action', 'change'].map((key) => ({ key, hidden: true })),
];

/** Lists the credit ledger of a customer, streamed. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const input = { customer, ...options };
  return {
    columns,
    rows: listHistory(await context.database(), input),
    empty: `${input.customer} has no ledger entries.`,
  };
}
