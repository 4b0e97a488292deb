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
      'a week more, and later periods begin a week later',
    ],
    ['subctl subscriptions extend ann --complimentary --periods 2', 'the next two periods are not charged'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'With --days the period that runs ends so many days later, on the wall clock of its zone, and so ' +
      'do the credits and limits that end with it; coming periods are counted from the new end. With ' +
      '--complimentary the next periods are renewed as ever, with their credits and limits, and not ' +
      'charged.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--days <days>', 'how many days the period that runs gets', integer({ min: 1, max: 3650 }))
  .option('--complimentary', 'give periods away instead of days', false)
  .option('--periods <number>', 'with --complimentary: how many periods (1)', integer({ min: 1, max: 120 }));

/** Gives days, or periods at no charge. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { days, complimentary, periods } = options;
  if ((days === undefined) === !complimentary) {
    throw new Failure('usage', 'Say either --days or --complimentary', {
      hint: `subctl subscriptions extend ${customer} --days 7`,
    });
  }
  if (periods !== undefined && !complimentary)
    throw new Failure('usage', '--periods goes with --complimentary: days are given with --days');
  const asked = { customer, days, complimentary, periods };
  const done = await write<Extended>(context, { action: 'subscriptions extend', asked }, (tx, change) =>
    days === undefined
      ? giveComplimentary(tx, change, { customer, periods: periods ?? 1 })
      : extendByDays(tx, change, { customer, days }),
  );
  return changeOutcome(context, done);
}
