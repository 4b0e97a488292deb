import type { RowsOutcome } from '../../terminal/outcome.ts';
import { listSessions } from '../../usage/list-sessions.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl usage sessions ann', 'all sessions, latest first'],
    ['subctl usage sessions ann --from 2026-03-01 --json', 'since 1 March, as JSON'],
  ],
  exits: [3],
  rows: 'list',
})
  .description(
    'Shows events, tokens and cost of every session, with its first and last event. Reversed events ' +
      'are not counted.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--from <time>', 'from this time on', instant)
  .option('--to <time>', 'before this time', instant);

/** Lists the sessions of a customer with their totals, in the customer's time zone. */
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
    empty: `${input.customer} has no usage events with a session.`,
    timezone: await zoneOf(db, input.customer, await context.now()),
  };
}
