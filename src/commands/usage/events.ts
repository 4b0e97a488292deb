import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import { listEvents } from '../../usage/events.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl usage events ann --from 2026-03-01 --limit 20', 'the first twenty since 1 March'],
    ['subctl usage events ann --format csv', 'all events, as CSV'],
  ],
  exits: [3],
  rows: 'list',
})
  .argument('<customer>', 'id of the customer')
  .option('--from <time>', 'from this time on', instant)
  .option('--to <time>', 'before this time', instant)
  .option('--kind <kind>', 'only this kind')
  .option('--session <id>', 'only this session')
  .option('--member <member>', 'only this member')
  .option('--limit <number>', 'maximum number of events', integer({ min: 1 }));

const columns: Column[] = [
  { key: 'at' },
  { key: 'kind' },
  { key: 'quantity', align: 'right' },
  { key: 'provider' },
  { key: 'model' },
  { key: 'tokens', align: 'right', optional: true },
  { key: 'cost', align: 'right' },
  { key: 'credits', align: 'right', optional: true },
  { key: 'member', optional: true },
  { key: 'status', optional: true },
  ...[
    'id',
    'tier',
    'input_tokens',
    'output_tokens',
    'cached_tokens',
    'units',
    'estimated',
    'unpriced',
    'session',
  ].map((key) => ({ key, hidden: true })),
  ...['latency_ms', 'endpoint', 'already_spent', 'plan', 'recorded_at', 'metadata', 'reverses'].map(
    (key) => ({
      key,
      hidden: true,
    }),
  ),
];

/** Lists usage events of a customer, streamed. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const input = { customer, ...options };
  return {
    columns,
    rows: listEvents(await context.database(), input),
    empty: `${input.customer} has no usage events.`,
  };
}
