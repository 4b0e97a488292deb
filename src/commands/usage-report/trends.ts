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
      'two years as a page with charts',
    ],
  ],
  rows: true,
  asOf: true,
})
  .description(
    "One row for each calendar month of the settings' zone, the one under way last; a month without " +
      'anything is there with 0. Use and cost are those of the events, and not known of months whose ' +
      'events were taken away. Active customers used something. Subscriptions are counted as they stood ' +
      'at the end of the month, free ones and fallback plans too; mrr is what those who paid then ' +
      "brought a month, at today's price of their present plan and interval and the catalogue's of an " +
      'earlier one: a year is twelve months, a month 30.4375 days. --format html draws them.',
  )
  .option('--months <number>', 'how many', integer({ min: 1, max: 120 }), 6)
  .option('--currency <code>', 'of mrr (that of costs, or in which most pay); nothing is converted');

/** The business month by month: rows for machines, a table and lines for people, pictures in HTML. */
export async function run(context: Context, { months, currency }: Options<typeof command>): Promise<Outcome> {
  const now = await context.now();
  const asked = { now, count: months, currency: currency?.toUpperCase() };
  const found = await inOneSnapshot(context, (db) => listTrends(db, asked));
  return {
    record: { as_of: now, ...found },
    title: 'The last months',
    timezone: found.timezone,
    sections: trendSections(found),
    lines: { columns: trendColumns, rows: found.months.map((row) => ({ ...row, currency: found.currency })) },
    notes: found.other_currencies.map(
      (other) => `What is paid in ${other} is not in mrr: --currency ${other} shows it`,
    ),
  };
}
