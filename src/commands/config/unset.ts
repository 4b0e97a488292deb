import { unsetSetting } from '../../settings/set-setting.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl config unset charges_per_run', 'twelve again'],
    ['subctl config unset lateness_days --dry-run', 'what would be done'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
}).argument('<key>', 'the setting');

/** Takes a setting of the database back to its default. */
export async function run(context: Context, key: string): Promise<Outcome> {
  const done = await write(context, { action: 'config unset', asked: { key } }, (tx, change) =>
    unsetSetting(tx, change, key),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
