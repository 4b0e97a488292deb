import { listRetention } from '../../privacy/retention.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl retention list', 'retention of each table'],
    ['subctl retention list --json', 'as JSON'],
  ],
  rows: 'list',
}).description(
  'The task prune deletes expired rows. Data kept forever is needed for bookkeeping or integrity ' +
    'checks.',
);

/** Lists the retention of each table. */
export async function run(context: Context): Promise<Outcome> {
  return {
    columns: [{ key: 'table' }, { key: 'kept' }, { key: 'setting' }, { key: 'about', title: 'description' }],
    rows: (await listRetention(await context.database())).map((row) => ({ ...row })),
  };
}
