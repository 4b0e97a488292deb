import type { RowsOutcome } from '../../terminal/outcome.ts';
import { listSessions } from '../../usage/list-sessions.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { Specs } from './spec.ts';

/** Lists the sessions of a customer with their totals, in its own time zone. */
export async function run(context: Context, input: InputOf<Specs['sessions']>): Promise<RowsOutcome> {
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
