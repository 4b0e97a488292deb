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
      '5,000 messages a month, from now on',
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
    'The override applies from now until --until, or without an end. It survives plan changes and ' +
      'needs a --reason. 0 disables the meter.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<meter>', 'id of the meter')
  .argument('<window>', 'a window that the plan counts: month, day, period, rolling_24h …', window)
  .argument('<limit>', 'a number or unlimited', or(amount({ min: 0 }), 'unlimited'))
  .option('--until <time>', "end of the override; the plan's limit applies again", instantAhead)
  .addOption(scopeOption);

/** Overrides a limit of the plan for one customer. */
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
