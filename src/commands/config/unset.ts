import { unsetSetting } from '../../settings/set-setting.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { unsetConfig } from './set-spec.ts';

/** Takes a setting of the database back to its default. */
export async function run(context: Context, { key }: InputOf<typeof unsetConfig>): Promise<Outcome> {
  const done = await write(context, { action: 'config unset', asked: { key } }, (tx, change) =>
    unsetSetting(tx, change, key),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
