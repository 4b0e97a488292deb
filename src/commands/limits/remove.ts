import { removeLimit as remove } from '../../customers/remove-limit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Input, verb } from '../verb.ts';
import { window } from '../readers.ts';
import { scopeOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl limits remove ann messages month', "use the plan's limit from now on"],
    ['subctl limits remove ann messages day --dry-run', 'show what would be removed'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the customer')
  .argument('<meter>', 'id of the meter')
  .argument('<window>', 'a window that the plan counts: month, day, period, rolling_24h …', window)
  .addOption(scopeOption);

/** Ends a customer's limit override. */
export async function run(
  context: Context,
  ...[customer, meter, window, options]: Input<typeof command>
): Promise<Outcome> {
  const input = { customer, meter, window, ...options };
  const done = await write(context, { action: 'limits remove', asked: { ...input } }, (tx, change) =>
    remove(tx, change, input),
  );
  return { record: { customer: input.customer, ...done } };
}
