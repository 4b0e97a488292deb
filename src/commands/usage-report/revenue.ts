import { sumRevenue } from '../../reports/revenue.ts';
import { findSpan } from '../../reports/span.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import type { revenue } from './spec.ts';

/** What came in, by plan and currency. */
export async function run(context: Context, { from, to }: InputOf<typeof revenue>): Promise<RowsOutcome> {
  const now = await context.now();
  const { span, rows } = await inOneSnapshot(context, async (db) => {
    const span = await findSpan(db, { from, to, now });
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
