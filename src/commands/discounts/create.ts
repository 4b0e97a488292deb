import { createDiscount as create } from '../../catalog/discounts.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount, instant, instantAhead, integer, many, or, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl discounts create SPRING --percent 10 --max-uses 100', '10 % off the first period'],
    ['subctl discounts create FRIENDS --amount 5.00 --currency USD --periods all', '5 USD off every period'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The discount is a percentage, or an amount in a currency. It is applied after credit for unused ' +
      'time of an old plan, and never exceeds the invoice. One use discounts the first period, a ' +
      'number of periods, or all. Limits on the number of uses, in total and per customer, are exact ' +
      'under concurrent requests.',
  )
  .argument('<code>', 'letters, digits, - and _; case does not matter')
  .option('--percent <number>', 'percentage off, at most 100', amount({ min: 0 }))
  .option('--amount <amount>', 'amount off, in --currency', amount({ min: 0 }))
  .option('--currency <code>', 'currency of --amount')
  .option('--plan <plan>', 'only for this plan', many(text()), [])
  .option('--max-uses <number>', 'maximum number of uses in total', integer({ min: 1 }))
  .option('--max-uses-per-customer <number>', 'maximum number of uses per customer', integer({ min: 1 }))
  .option('--from <time>', 'valid from this time on', instant)
  .option('--expires <time>', 'valid until this time', instantAhead)
  .option(
    '--periods <number>',
    'number of periods that one use discounts (default: 1)',
    or(integer({ min: 1 }), 'all'),
  );

/** Creates a discount code. */
export async function run(
  context: Context,
  code: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { plan: plans, currency, ...rest } = options;
  const asked = { code, ...rest, plans, currency: currency?.toUpperCase() };
  const record = await write(context, { action: 'discounts create', asked }, (tx, change) =>
    create(tx, change, asked),
  );
  context.note(`${context.dryRun ? 'Would create' : 'Created'} discount code ${record.code}`);
  return { record };
}
