import { listDeadLetters } from '../../tasks/list-dead-letters.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked list', 'all parked rows'],
    ['subctl parked list --task handle-renewals --json', 'subscriptions that could not be renewed'],
  ],
  rows: 'list',
})
  .description(
    'A task parks a row that fails and continues with the others. The row is retried after 15 ' +
      'minutes, 1, 4 and 16 hours, then daily. After the eighth attempt it is retried only by: subctl ' +
      'parked retry.',
  )
  .option('--task <task>', 'only rows of this task')
  .option('--customer <customer>', 'only rows of this customer');

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
    title: 'next attempt',
    show: (value) => (value instanceof Date ? value.toISOString() : 'manual'),
  },
  { key: 'last_error', title: 'error' },
];

/** Lists the parked rows. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const rows = await listDeadLetters(await context.database(), input);
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'There are no parked rows.' };
}
