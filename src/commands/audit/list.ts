import { listChanges } from '../../reports/list-changes.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant, integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl audit list', 'the last fifty changes'],
    ['subctl audit list --action assign --format csv', 'every assignment, for a spreadsheet'],
  ],
  rows: 'list',
})
  .description(
    'A change is one command, one run of a task or one administrative call of an application that ' +
      'wrote. The newest comes first.',
  )
  .option('--customer <customer>', 'changes that touched this customer')
  .option('--by <actor>', 'changes that this actor made')
  .option('--action <command>', 'changes by this command or task, as `plans edit`')
  .option('--from <time>', 'since this time', instant)
  .option('--to <time>', 'before this time', instant)
  .option('--limit <number>', 'how many', integer({ min: 1, max: 1_000_000 }), 50);

const columns: readonly Column[] = [
  { key: 'at' },
  { key: 'actor' },
  { key: 'action' },
  { key: 'reason', optional: true },
  { key: 'id' },
  { key: 'asked', hidden: true },
];

/** The newest changes, filtered. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const { customer, by: actor, action, from, to, limit } = input;
  const rows = await listChanges(await context.database(), { customer, actor, action, from, to, limit });
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'Nothing was changed.' };
}
