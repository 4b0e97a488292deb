import { listAlerts as list } from '../../alerts/list.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl alerts list --customer ann', 'all of ann’s'],
    ['subctl alerts list --unread --json', 'unread alerts'],
  ],
  rows: 'list',
})
  .option('--customer <customer>', 'only of this customer')
  .option('--meter <meter>', 'only of this meter')
  .option('--unread', 'only those that are not marked as read', false)
  .option('--from <time>', 'from this instant on', instant)
  .option('--limit <number>', 'at most so many', integer({ min: 1, max: 1_000_000 }), 1000);

const columns: Column[] = [
  { key: 'meter' },
  { key: 'window' },
  { key: 'window_start' },
  { key: 'threshold', align: 'right' },
  { key: 'used', align: 'right' },
  { key: 'limit', align: 'right' },
  { key: 'at' },
  { key: 'customer' },
  { key: 'member', optional: true },
  { key: 'severity', optional: true },
  { key: 'read_at', optional: true },
];

/** Lists alerts. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const rows = await list(await context.database(), input);
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'No threshold has been reached.' };
}
