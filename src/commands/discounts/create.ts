import { createDiscount as create } from '../../catalog/discounts.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { amount, instant, instantAhead, integer, many, or, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl discounts create SPRING --percent 10 --max-uses 100', 'a tenth off the first period'],
    [
      'subctl discounts create FRIENDS --amount 5.00 --currency USD --periods all',
      'five dollars off, for good',
    ],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A percentage, or an amount in a currency. It is taken off after the credit for what was not used ' +
      'of an old plan, and never more than is asked for. One use lowers the first period, so many, or ' +
      'all of them. How often it may be used, in all and by one customer, is exact, however many ask at ' +
      'once.',
  )
  .argument('<code>', 'letters, digits, - and _; capitals do not matter')
  .option('--percent <number>', 'off the bill, at most 100', amount({ min: 0 }))
  .option('--amount <amount>', 'off the bill, in --currency', amount({ min: 0 }))
  .option('--currency <code>', 'of the amount')
  .option('--plan <plan>', 'only for this plan; may be given several times', many(text()), [])
  .option('--max-uses <number>', 'in all', integer({ min: 1 }))
  .option('--max-uses-per-customer <number>', 'by one customer', integer({ min: 1 }))
  .option('--from <time>', 'good from here on', instant)
  .option('--expires <time>', 'good until before this', instantAhead)
  .option(
    '--periods <number>',
    'how many periods one use lowers, or all (1)',
    or(integer({ min: 1 }), 'all'),
  );

/** Makes a code. */
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
  context.note(`Code ${record.code} is good${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return { record };
}
