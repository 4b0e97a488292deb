import { listChanges } from '../../reports/list-changes.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl audit list', 'the last 50 changes'],
    ['subctl audit list --action assign --format csv', 'every assignment, for a spreadsheet'],
  ],
  rows: 'list',
})
  .description(
    'A change is a command, a run of a task, or an administrative call of an application, if it ' +
      'wrote data. The newest comes first.',
  )
  .option('--customer <customer>', 'changes that touched this customer')
  .option('--by <actor>', 'changes by this actor')
  .option('--action <command>', 'changes by this command or task, as `plans edit`')
  .option('--from <time>', 'changes at or after this time', instant)
  .option('--to <time>', 'changes before this time', instant)
  .option('--limit <number>', 'maximum number of changes', integer({ min: 1, max: 1_000_000 }), 50);

const columns: readonly Column[] = [
  { key: 'at' },
  { key: 'actor' },
  { key: 'action' },
  { key: 'reason', optional: true },
  { key: 'id' },
  { key: 'asked', hidden: true },
];

/** Lists changes, newest first. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const { customer, by: actor, action, from, to, limit } = input;
  const rows = await listChanges(await context.database(), { customer, actor, action, from, to, limit });
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'No changes.' };
}
