import { resetCredits as reset } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ["subctl credits reset ann --reason 'lost to a bug'", 'as if the period had just begun'],
    ["subctl credits reset ann --reason 'lost to a bug' --dry-run --json", 'see what it would give'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'What is left of the plan’s grant expires and the plan’s amount is granted until the end of the ' +
      'period. The next regular reset stays where it is, and credits of other sources stay. It needs a ' +
      '--reason: it is in the ledger.',
  )
  .argument('<customer>', 'id of the customer');

/** Resets the plan's credits and prints the balance. */
export async function run(context: Context, customer: string): Promise<Outcome> {
  const record = await write(context, { action: 'credits reset', asked: { customer } }, (tx, change) =>
    reset(tx, change, customer),
  );
  return { record: { ...record } };
}
