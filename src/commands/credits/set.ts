import { setCredits as set } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount } from '../readers.ts';
import { expiresOption, priorityOption, sourceOption } from './options.ts';

export const command = verb({
  examples: [
    ["subctl credits set ann 5 --reason 'agreed by mail'", 'whatever it was, it is 5 now'],
    ["subctl credits set ann 0 --reason 'abuse' --dry-run", 'see the difference first'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Gives or takes the difference, as a row of the ledger. It needs a --reason: it is in the ledger.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<amount>', 'decimal, such as 10 or 0.5', amount({ min: 0 }))
  .addOption(priorityOption)
  .addOption(expiresOption)
  .addOption(sourceOption);

/** Makes the balance be a number and prints the difference. */
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
