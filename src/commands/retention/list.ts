import { listRetention } from '../../privacy/retention.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl retention list', 'how long is what kept?'],
    ['subctl retention list --json', 'the same for a program'],
  ],
  rows: 'list',
}).description(
  'What is past its time is deleted by the task prune. What is kept for ever is needed for ' +
    'bookkeeping or integrity checks.',
);

/** Lists how long what is kept. */
export async function run(context: Context): Promise<Outcome> {
  return {
    columns: [{ key: 'table' }, { key: 'kept' }, { key: 'setting' }, { key: 'about', title: 'what it is' }],
    rows: (await listRetention(await context.database())).map((row) => ({ ...row })),
  };
}
