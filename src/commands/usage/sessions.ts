import type { RowsOutcome } from '../../terminal/outcome.ts';
import { listSessions } from '../../usage/list-sessions.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl usage sessions ann', 'all of them, the latest first'],
    ['subctl usage sessions ann --from 2026-03-01 --json', 'since 1 March'],
  ],
  exits: [3],
  rows: 'list',
})
  .description(
    'Uses, tokens and cost of every conversation, with its first and last use; of a span where one is ' +
      'given. A use that was taken back is none.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--from <time>', 'from this instant on', instant)
  .option('--to <time>', 'before this instant', instant);

/** Lists the sessions of a customer with their totals, in its own time zone. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const input = { customer, ...options };
  const db = await context.database();
  return {
    title: `Sessions of ${input.customer}`,
    columns: [
      { key: 'session' },
      { key: 'uses', align: 'right' },
      { key: 'tokens', align: 'right' },
      { key: 'cost', align: 'right' },
      { key: 'first_at', title: 'first' },
      { key: 'last_at', title: 'last' },
    ],
    rows: listSessions(db, input),
    empty: `No use of ${input.customer} belongs to a session.`,
    timezone: await zoneOf(db, input.customer, await context.now()),
  };
}
