import { setSetting } from '../../settings/set-setting.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl config set charges_per_run 6', 'park a subscription before the seventh charge of a run'],
    ['subctl config set dunning_days 1,4,8 --dry-run', 'retry a declined payment after 1, 4 and 8 days'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Database settings apply to all users of the database, including SQL functions. They are ' +
      'separate from the environment and subctl.yaml. A value that is invalid or conflicts with other ' +
      'settings is refused (exit codes 2 and 4). config list shows all settings.',
  )
  .argument('<key>', 'name of the setting')
  .argument('<value>', 'new value: 30, true, Europe/Berlin or 1,3,5,7');

/** Sets a database setting. */
export async function run(context: Context, key: string, value: string): Promise<Outcome> {
  const done = await write(context, { action: 'config set', asked: { key, value } }, (tx, change) =>
    setSetting(tx, change, { key, text: value }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
