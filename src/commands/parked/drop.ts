import { dropParked } from '../../tasks/drop-parked.ts';
import { getParked } from '../../tasks/list-parked.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { dropParked as spec } from './spec.ts';

/** Forgets one parked row. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const row = await getParked(await context.database(), input);
  await context.confirm(`Forget what ${row.task} parked of ${row.customer}?`);
  await write(context, { action: 'parked drop', asked: { ...input } }, (tx, change) =>
    dropParked(tx, change, row),
  );
  return { record: { ...row }, notes: [context.dryRun ? 'Nothing was changed' : 'Forgotten'] };
}
