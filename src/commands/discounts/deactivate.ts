import { deactivateDiscount as deactivate } from '../../catalog/discounts.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl discounts deactivate SPRING', 'stop new uses of the code'],
    ['subctl discounts deactivate spring --dry-run', 'preview the change'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('Customers who use the code already keep their discount.')
  .argument('<code>', 'the discount code');

/** Deactivates a discount code. */
export async function run(context: Context, code: string): Promise<Outcome> {
  const done = await write(context, { action: 'discounts deactivate', asked: { code } }, (tx, change) =>
    deactivate(tx, change, code),
  );
  const { changed, ...record } = done;
  const dry = context.dryRun ? ' (dry run: nothing was changed)' : '';
  context.note(
    changed
      ? `Code ${record.code} is no longer accepted${dry}`
      : `Nothing to do: code ${record.code} is already deactivated`,
  );
  return { record };
}
