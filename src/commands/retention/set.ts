import { setRetention as set } from '../../privacy/retention.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { setRetention } from './spec.ts';

/** Sets how long a table's rows are kept. */
export async function run(context: Context, { table, time }: InputOf<typeof setRetention>): Promise<Outcome> {
  const done = await write(context, { action: 'retention set', asked: { table, time } }, (tx, change) =>
    set(tx, change, { table, text: time }),
  );
  return { record: { ...done, dry_run: context.dryRun } };
}
