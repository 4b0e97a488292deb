import { listTrends } from '../../reports/trends.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { inOneSnapshot } from './in-one-snapshot.ts';
import { trendColumns, trendSections } from './trends-page.ts';
import type { trends } from './trends-spec.ts';

/** The business month by month: rows for machines, a table and lines for people, pictures in HTML. */
export async function run(context: Context, { months, currency }: InputOf<typeof trends>): Promise<Outcome> {
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
