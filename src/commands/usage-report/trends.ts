import { listTrends } from '../../reports/trends.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { trendColumns, trendSections } from './trends-page.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl usage-report trends', 'the last six months'],
    [
      'subctl usage-report trends --months 24 --format html --output trends.html',
      'two years as an HTML page with charts',
    ],
  ],
  rows: true,
  asOf: true,
})
  .description(
    'One row per calendar month in the time zone of the settings, the current month last. A month ' +
      'without data is 0. Usage and cost come from the events, and are unknown for months whose events ' +
      'were deleted. Active customers have usage in the month. Subscriptions are as of the end of the ' +
      'month, including free ones and fallback plans.\n\nmrr is the monthly revenue of the subscriptions ' +
      'that paid then. It uses the present price of the present plan and interval, and the catalogue ' +
      'price of an earlier one. A year is twelve months, a month 30.4375 days. --format html draws ' +
      'charts.',
  )
  .option('--months <number>', 'number of months', integer({ min: 1, max: 120 }), 6)
  .option(
    '--currency <code>',
    'currency of mrr (default: the cost currency, or the most common); no conversion',
  );

/** Prints business figures by month: rows as JSON and CSV, a table with sparklines, charts in HTML. */
export async function run(context: Context, { months, currency }: Options<typeof command>): Promise<Outcome> {
  const now = await context.now();
  const asked = { now, count: months, currency: currency?.toUpperCase() };
  const found = await inOneSnapshot(context, (db) => listTrends(db, asked));
  return {
    record: { as_of: now, ...found },
    title: 'Trends by month',
    timezone: found.timezone,
    sections: trendSections(found),
    lines: { columns: trendColumns, rows: found.months.map((row) => ({ ...row, currency: found.currency })) },
    notes: found.other_currencies.map(
      (other) => `Revenue in ${other} is not included in mrr: use --currency ${other}`,
    ),
  };
}
