import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { usageTrend } from '../../usage/trend.ts';
import type { Context } from '../context.ts';
import { trendLines, trendSections } from './trend-page.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl usage trend ann', 'the last six months, with a line for each meter'],
    ['subctl usage trend ann --by day --count 14 --meter messages', 'messages of two weeks'],
    ['subctl usage trend ann --months 12 --format csv', 'a year for a spreadsheet'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    "One sum for every calendar month of the customer's time zone, the one under way last: cost, " +
      'uses, and each meter that counted something. A month without use is 0. The change is against the ' +
      'month before, in per cent, and nothing where that was 0.\n\n' +
      'Sums are of the events themselves. Of months whose events were taken away (prune) they are those ' +
      "of the windows that were closed: a month's, or its days'. A meter that only other windows " +
      'counted is not known then, which is nothing in JSON and CSV and · in a line.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(
    new Option('--by <unit>', 'calendar days, weeks from Monday, months, or billing periods (month)').choices(
      ['day', 'week', 'month', 'period'],
    ),
  )
  .option('--count <number>', 'how many of them', integer({ min: 1, max: 400 }), 6)
  .option('--months <number>', 'so many calendar months', integer({ min: 1, max: 400 }))
  .option('--meter <meter>', 'only this meter, and each month in a line of its own');

/** Prints a customer's use over time, in its own time zone. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { months, meter } = options;
  const by = options.by ?? 'month';
  if (months !== undefined && by !== 'month')
    throw new Failure('usage', `The --months ${months} are calendar months, and --by is ${by}`, {
      hint: `Give --by ${by} --count ${months}`,
    });
  const now = await context.now();
  const asked = { customer, now, by, count: months ?? options.count, meter };
  const trend = await usageTrend(await context.database(), asked);
  return {
    record: { as_of: now, ...trend },
    timezone: trend.timezone,
    title: `Use of ${customer} by ${by}`,
    sections: trendSections(trend),
    lines: trendLines(trend),
  };
}
