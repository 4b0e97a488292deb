import { resetCredits as reset } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ["subctl credits reset ann --reason 'lost to a bug'", 'a full plan grant, as at the start of a period'],
    ["subctl credits reset ann --reason 'lost to a bug' --dry-run --json", 'preview the grant'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    "The rest of the plan's grant expires, and the plan's amount is granted until the end of the " +
      'period. The next scheduled reset and credits of other sources do not change. Requires --reason, ' +
      'which is stored in the ledger.',
  )
  .argument('<customer>', 'id of the customer');

/** Resets the plan credits and prints the balance. */
export async function run(context: Context, customer: string): Promise<Outcome> {
  const record = await write(context, { action: 'credits reset', asked: { customer } }, (tx, change) =>
    reset(tx, change, customer),
  );
  return { record: { ...record } };
}
