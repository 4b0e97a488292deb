import { deactivateDiscount as deactivate } from '../../catalog/discounts.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { deactivateDiscount } from './spec.ts';

/** Gives a code to nobody any more. */
export async function run(context: Context, { code }: InputOf<typeof deactivateDiscount>): Promise<Outcome> {
  const done = await write(context, { action: 'discounts deactivate', asked: { code } }, (tx, change) =>
    deactivate(tx, change, code),
  );
  const { changed, ...record } = done;
  const dry = context.dryRun ? ' (dry run: nothing was changed)' : '';
  context.note(
    changed
      ? `Nobody gets ${record.code} any more${dry}`
      : `Nothing to do: nobody gets ${record.code} already`,
  );
  return { record };
}
