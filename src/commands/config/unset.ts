import { unsetSetting } from '../../settings/set-setting.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl config unset charges_per_run', 'back to 12 charges'],
    ['subctl config unset lateness_days --dry-run', 'preview the change'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
}).argument('<key>', 'name of the setting');

/** Resets a database setting to its default. */
export async function run(context: Context, key: string): Promise<Outcome> {
  const done = await write(context, { action: 'config unset', asked: { key } }, (tx, change) =>
    unsetSetting(tx, change, key),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
