import { listOutbox } from '../../notifications/list-outbox.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl alerts outbox --state dead', 'failed notifications, with the last error'],
    ['subctl alerts outbox --customer ann --json', 'all notifications to ann, with their fields'],
  ],
  rows: 'list',
})
  .option('--customer <customer>', 'only this customer')
  .option('--operator', 'only notifications to the operator', false)
  .option('--kind <kind>', 'only this kind')
  .addOption(
    new Option('--state <state>', 'only this state; dead means that no retry is left').choices([
      'waiting',
      'sent',
      'dead',
    ]),
  )
  .option('--limit <number>', 'maximum number of notifications', integer({ min: 1, max: 1_000_000 }), 1000);

const columns: Column[] = [
  { key: 'created_at', title: 'at' },
  { key: 'customer' },
  { key: 'kind' },
  { key: 'channel', optional: true },
  { key: 'state' },
  { key: 'attempts', title: 'tries', align: 'right' },
  { key: 'next_try_at', title: 'next try', optional: true },
  { key: 'error', optional: true },
  { key: 'sent_at', hidden: true },
  { key: 'id', hidden: true },
  { key: 'fields', hidden: true },
];

/** Lists notifications. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { operator, customer } = input;
  const rows = await listOutbox(await context.database(), { ...input, customer: operator ? '' : customer });
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'No notifications match.' };
}
