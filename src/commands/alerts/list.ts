import { listAlerts as list } from '../../alerts/list.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl alerts list --customer ann', 'all alerts of ann'],
    ['subctl alerts list --unread --json', 'unread alerts'],
  ],
  rows: 'list',
})
  .option('--customer <customer>', 'only this customer')
  .option('--meter <meter>', 'only this meter')
  .option('--unread', 'only unread alerts', false)
  .option('--from <time>', 'alerts at or after this time', instant)
  .option('--limit <number>', 'maximum number of alerts', integer({ min: 1, max: 1_000_000 }), 1000);

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
