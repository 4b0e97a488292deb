import { setSetting } from '../../settings/set-setting.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { setConfig } from './set-spec.ts';

/** Sets a setting of the database. */
export async function run(context: Context, { key, value }: InputOf<typeof setConfig>): Promise<Outcome> {
  const done = await write(context, { action: 'config set', asked: { key, value } }, (tx, change) =>
    setSetting(tx, change, { key, text: value }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
