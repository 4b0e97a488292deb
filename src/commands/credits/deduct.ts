import { deductCredits as deduct } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';
import { amount } from '../readers.ts';

export const command = verb({
  examples: [
    ["subctl credits deduct ann 3 --reason 'refunded in money'", 'exit code 4 if the balance is lower'],
    ["subctl credits deduct ann 0.5 --reason 'banner by hand' --json", 'half a credit, as JSON'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description('Requires --reason, which is stored in the ledger.')
  .argument('<customer>', 'id of the customer')
  .argument('<amount>', 'decimal, such as 10 or 0.5', amount({ min: 0 }));

/** Deducts credits and prints the balance. */
export async function run(context: Context, customer: string, amount: string): Promise<Outcome> {
  const asked = { customer, amount };
  const record = await write(context, { action: 'credits deduct', asked }, (tx, change) =>
    deduct(tx, change, asked),
  );
  return { record: { ...record } };
}
