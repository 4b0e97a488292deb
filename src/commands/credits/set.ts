import { setCredits as set } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount } from '../readers.ts';
import { expiresOption, priorityOption, sourceOption } from './options.ts';

export const command = verb({
  examples: [
    ["subctl credits set ann 5 --reason 'agreed by mail'", 'set the balance to 5'],
    ["subctl credits set ann 0 --reason 'abuse' --dry-run", 'preview the difference'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Grants or deducts the difference, as a ledger entry. Requires --reason, which is stored in the ' +
      'ledger.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<amount>', 'decimal, such as 10 or 0.5', amount({ min: 0 }))
  .addOption(priorityOption)
  .addOption(expiresOption)
  .addOption(sourceOption);

/** Sets the balance and prints the difference. */
export async function run(
  context: Context,
  customer: string,
  amount: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { source, priority, expires } = options;
  const asked = { customer, amount, source, priority, expires };
  const record = await write(context, { action: 'credits set', asked }, (tx, change) =>
    set(tx, change, asked),
  );
  return { record: { ...record } };
}
