import { setSetting } from '../../settings/set-setting.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl config set charges_per_run 6', 'park a subscription that a run would charge seven times'],
    ['subctl config set dunning_days 1,4,8 --dry-run', 'try a declined payment again after these days'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Settings of the database hold for everybody who uses it, SQL functions included, and are not ' +
      'those of the environment and subctl.yaml. A value that it cannot have, or that does not go with ' +
      'the others, is refused (exit codes 2 and 4). config list has them all.',
  )
  .argument('<key>', 'the setting')
  .argument('<value>', 'its value: 30, true, Europe/Berlin, or 1,3,5,7');

/** Sets a setting of the database. */
export async function run(context: Context, key: string, value: string): Promise<Outcome> {
  const done = await write(context, { action: 'config set', asked: { key, value } }, (tx, change) =>
    setSetting(tx, change, { key, text: value }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
