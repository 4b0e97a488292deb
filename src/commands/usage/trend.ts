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
    ['subctl usage trend ann', 'the last six months, one line per meter'],
    ['subctl usage trend ann --by day --count 14 --meter messages', 'messages by day for two weeks'],
    ['subctl usage trend ann --months 12 --format csv', 'a year, as CSV'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    "One sum per calendar month in the customer's time zone, the current month last: cost, events, " +
      'and each meter with usage. A month without usage is 0. The change is the percentage against the ' +
      'month before, and empty if that month was 0.\n\nSums come from the events. For months whose ' +
      'events were deleted (prune) they come from closed month or day windows. A meter with other ' +
      'windows only is unknown then: empty in JSON and CSV, and · in the chart.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(
    new Option(
      '--by <unit>',
      'interval: calendar days, weeks from Monday, months, or billing periods (default: month)',
    ).choices(['day', 'week', 'month', 'period']),
  )
  .option('--count <number>', 'number of intervals', integer({ min: 1, max: 400 }), 6)
  .option('--months <number>', 'number of calendar months', integer({ min: 1, max: 400 }))
  .option('--meter <meter>', 'only this meter, one line per interval');

/** Prints a customer's usage over time, in the customer's time zone. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { months, meter } = options;
  const by = options.by ?? 'month';
  if (months !== undefined && by !== 'month')
    throw new Failure('usage', `--months ${months} counts calendar months, but --by is ${by}`, {
      hint: `Give --by ${by} --count ${months}`,
    });
  const now = await context.now();
  const asked = { customer, now, by, count: months ?? options.count, meter };
  const trend = await usageTrend(await context.database(), asked);
  return {
    record: { as_of: now, ...trend },
    timezone: trend.timezone,
    title: `Usage of ${customer} by ${by}`,
    sections: trendSections(trend),
    lines: trendLines(trend),
  };
}
