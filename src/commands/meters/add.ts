import { addMeter } from '../../catalog/add-meter.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { addMeter as spec } from './spec.ts';

/** Adds a meter. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { meter, kind, provider, model, ...facts } = input;
  const some = (list: string[]) => (list.length === 0 ? undefined : list);
  const wish = { id: meter, kinds: some(kind), providers: some(provider), models: some(model), ...facts };
  const { id, ...added } = await write(context, { action: 'meters add', asked: wish }, (tx, change) =>
    addMeter(tx, change, wish),
  );
  return { record: { meter: id, ...added, dry_run: context.dryRun } };
}
