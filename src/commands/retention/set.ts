import { setRetention as set } from '../../privacy/set-retention.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl retention set notifications 180d', 'delete notification contents after half a year'],
    ['subctl retention set usage_events 24mo --dry-run', 'preview two years for usage events'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'usage_events takes months; job_runs, stripe_events and notifications take days. For ' +
      'notifications only the content is deleted; the record of the sending is kept. The next run of ' +
      'the task prune applies it. To preview: subctl prune --dry-run.',
  )
  .argument('<table>', 'table, as in retention list')
  .argument('<time>', 'months or days: 24mo, 30d; or forever for notifications');

/** Sets the retention of a table. */
export async function run(context: Context, table: string, time: string): Promise<Outcome> {
  const done = await write(context, { action: 'retention set', asked: { table, time } }, (tx, change) =>
    set(tx, change, { table, text: time }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
