import { setLimit as set } from '../../customers/set-limit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Input, verb } from '../verb.ts';
import { amount, instantAhead, or, window } from '../readers.ts';
import { scopeOption } from './options.ts';

export const command = verb({
  examples: [
    [
      'subctl limits set ann messages month 5000 --reason "bought extra"',
      '5,000 messages a month from now on',
    ],
    [
      'subctl limits set ann messages day unlimited --until 2027-01-01 --reason "beta tester"',
      'no limit until New Year',
    ],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'It holds from now until --until or for good, through changes of the plan, and needs a --reason. ' +
      '0 disables.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<meter>', 'id of the meter')
  .argument('<window>', 'month, day, period, rolling_24h …: one that the plan counts', window)
  .argument('<limit>', 'a number, or unlimited', or(amount({ min: 0 }), 'unlimited'))
  .option('--until <time>', 'when the plan’s limit holds again', instantAhead)
  .addOption(scopeOption);

/** Gives a customer a limit of its own. */
export async function run(
  context: Context,
  ...[customer, meter, window, amount, options]: Input<typeof command>
): Promise<Outcome> {
  const limit = amount === 'unlimited' ? null : amount;
  const asked = { customer, meter, window, ...options };
  const done = await write(
    context,
    { action: 'limits set', asked: { ...asked, limit: amount } },
    (tx, change) => set(tx, change, { ...asked, limit }),
  );
  return { record: { customer, ...done } };
}
