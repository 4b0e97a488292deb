import { deactivateDiscount as deactivate } from '../../catalog/discounts.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl discounts deactivate SPRING', 'nobody else gets it'],
    ['subctl discounts deactivate spring --dry-run', 'what it would do'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('Who used it keeps what was promised.')
  .argument('<code>', 'the code');

/** Gives a code to nobody any more. */
export async function run(context: Context, code: string): Promise<Outcome> {
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
