import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import { listEvents } from '../../usage/events.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { Specs } from './spec.ts';

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

/** Lists the recorded uses of a customer, streamed. */
export async function run(context: Context, input: InputOf<Specs['events']>): Promise<RowsOutcome> {
  return {
    columns,
    rows: listEvents(await context.database(), input),
    empty: `No uses of ${input.customer} were recorded.`,
  };
}
