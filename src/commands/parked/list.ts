import { listDeadLetters } from '../../tasks/list-dead-letters.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked list', 'all of them'],
    ['subctl parked list --task handle-renewals --json', 'what could not be renewed'],
  ],
  rows: 'list',
})
  .description(
    'A row that a task cannot do is parked and the others go on. It is tried again after 15 minutes, ' +
      '1, 4 and 16 hours, and then daily; after the eighth attempt only when somebody says so: subctl ' +
      'parked retry.',
  )
  .option('--task <task>', 'only of this task')
  .option('--customer <customer>', 'only of this customer');

const columns: Column[] = [
  { key: 'task' },
  { key: 'customer' },
  { key: 'id', optional: true },
  { key: 'reason', optional: true },
  { key: 'attempts', align: 'right' },
  { key: 'last_at', hidden: true },
  { key: 'first_at', hidden: true },
  {
    key: 'next_try_at',
    title: 'next try',
    show: (value) => (value instanceof Date ? value.toISOString() : 'when told to'),
  },
  { key: 'last_error', title: 'error' },
];

/** Shows what is parked. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const rows = await listDeadLetters(await context.database(), input);
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'Nothing is parked.' };
}
