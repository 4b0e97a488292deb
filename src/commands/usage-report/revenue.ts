import { sumRevenue } from '../../reports/revenue.ts';
import { findSpan } from '../../reports/span.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { type Options, verb } from '../verb.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report revenue', 'this month so far'],
    ['subctl usage-report revenue --from 2026-01-01 --to 2026-02-01 --format csv', 'January, as CSV'],
  ],
  rows: 'list',
  asOf: true,
})
  .description(
    'By plan and currency, without conversion. invoiced: issued in the span and not voided. paid and ' +
      'refunded: payments and refunds in the span. overdue: due before the end of the span and unpaid ' +
      'at its end.\n\nmrr is price times seats of every paid subscription that is active or past due, ' +
      'per month. A year is twelve months, a month 30.4375 days. Times without a zone are UTC. The ' +
      'bounds are printed in the time zone of the settings.',
  )
  .addOption(fromOption)
  .addOption(toOption);

/** Prints revenue by plan and currency. */
export async function run(context: Context, { from, to }: Options<typeof command>): Promise<RowsOutcome> {
  const now = await context.now();
  const { span, rows } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { from, to, now, timezone: context.timezone });
    return { span, rows: await sumRevenue(db, span) };
  });
  const amounts = ['invoiced', 'paid', 'refunded', 'overdue'].map((key) => ({
    key,
    align: 'right' as const,
  }));
  return {
    title: 'Revenue',
    columns: [
      { key: 'plan' },
      { key: 'currency', title: '' },
      ...amounts,
      ...['disputed', 'balance', 'credit_notes', 'out_of_band', 'credits'].map((key) => ({
        key,
        hidden: true,
      })),
      { key: 'subscriptions', title: 'subs', align: 'right', optional: true },
      { key: 'mrr', title: 'MRR', align: 'right' },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: [spanLine(span), 'MRR: price times seats of paying subscriptions; a month has 30.4375 days'],
    empty: 'No revenue',
    timezone: span.timezone,
  };
}
