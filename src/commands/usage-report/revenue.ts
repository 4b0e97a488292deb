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
    ['subctl usage-report revenue --from 2026-01-01 --to 2026-02-01 --format csv', 'January'],
  ],
  rows: 'list',
  asOf: true,
})
  .description(
    'By plan and currency; nothing is converted. invoiced is what was issued in the span and not ' +
      'taken back, paid and refunded what came and went in it, overdue what was due before its end and ' +
      'not paid by then. mrr is price times seats of every subscription that is active or past due and ' +
      'is paid for, as they stand now, per month: a year is twelve months, a month 30.4375 days. Times ' +
      'without a zone are UTC; the bounds are printed in the zone of the settings, with their offset.',
  )
  .addOption(fromOption)
  .addOption(toOption);

/** What came in, by plan and currency. */
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
      { key: 'mrr', title: 'a month', align: 'right' },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: [spanLine(span), 'a month: price times seats of who pays now; a month has 30.4375 days'],
    empty: 'Nothing was invoiced',
    timezone: span.timezone,
  };
}
