import { addCredits as add } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount } from '../readers.ts';
import { expiresOption, priorityOption, sourceOption } from './options.ts';

export const command = verb({
  examples: [
    ["subctl credits add ann 25 --reason 'sorry for the outage'", 'valid until the end of the period'],
    [
      "subctl credits add ann 500 --source purchased --expires never --reason 'order 81' --json",
      'purchased credits: used last, without expiry',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('Requires --reason, which is stored in the ledger.')
  .argument('<customer>', 'id of the customer')
  .argument('<amount>', 'decimal, such as 10 or 0.5', amount({ min: 0 }))
  .addOption(priorityOption)
  .addOption(expiresOption)
  .addOption(sourceOption);

/** Grants credits and prints the balance. */
export async function run(
  context: Context,
  customer: string,
  amount: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { source, priority, expires } = options;
  const asked = { customer, amount, source, priority, expires };
  const record = await write(context, { action: 'credits add', asked }, (tx, change) =>
    add(tx, change, asked),
  );
  return { record: { ...record } };
}
