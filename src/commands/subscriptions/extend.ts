import { Failure } from '../../domain/failure.ts';
import { type Extended, extendByDays, giveComplimentary } from '../../subscriptions/extend.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { changeOutcome } from './change-outcome.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    [
      'subctl subscriptions extend ann --days 7 --reason "outage"',
      'extend the period by a week; later periods shift too',
    ],
    ['subctl subscriptions extend ann --complimentary --periods 2', 'make the next two periods free'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'With --days the current period ends later by that many days, on the wall clock of its time ' +
      'zone. Its credits and limits end later too, and later periods are counted from the new end. ' +
      'With --complimentary the next periods renew with their credits and limits, but are not charged.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--days <days>', 'number of days to add to the current period', integer({ min: 1, max: 3650 }))
  .option('--complimentary', 'make the next periods free instead of adding days', false)
  .option(
    '--periods <number>',
    'with --complimentary: number of periods (default: 1)',
    integer({ min: 1, max: 120 }),
  );

/** Extends a subscription by days, or makes its next periods free. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { days, complimentary, periods } = options;
  if ((days === undefined) === !complimentary) {
    throw new Failure('usage', 'Give either --days or --complimentary', {
      hint: `subctl subscriptions extend ${customer} --days 7`,
    });
  }
  if (periods !== undefined && !complimentary)
    throw new Failure('usage', '--periods requires --complimentary; to add days, use --days');
  const asked = { customer, days, complimentary, periods };
  const done = await write<Extended>(context, { action: 'subscriptions extend', asked }, (tx, change) =>
    days === undefined
      ? giveComplimentary(tx, change, { customer, periods: periods ?? 1 })
      : extendByDays(tx, change, { customer, days }),
  );
  return changeOutcome(context, done);
}
