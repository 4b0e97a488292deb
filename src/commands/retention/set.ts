import { setRetention as set } from '../../privacy/set-retention.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl retention set notifications 180d', 'forget what notices said after half a year'],
    ['subctl retention set usage_events 24mo --dry-run', 'try two years of single uses'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'For usage_events in months, for job_runs, stripe_events and notifications in days. Of ' +
      'notifications what they said goes; that they were sent stays. The task prune does it at its next ' +
      'run: subctl prune --dry-run shows what would go.',
  )
  .argument('<table>', 'the table, as retention list has it')
  .argument('<time>', 'a number of months or days: 24mo, 30d; forever for notifications');

/** Sets how long a table's rows are kept. */
export async function run(context: Context, table: string, time: string): Promise<Outcome> {
  const done = await write(context, { action: 'retention set', asked: { table, time } }, (tx, change) =>
    set(tx, change, { table, text: time }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
