import { rankCustomers } from '../../reports/rank-customers.ts';
import { findSpan } from '../../reports/span.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { top } from './spec.ts';
import { spanLine } from './span-line.ts';

const columns: readonly Column[] = [
  { key: 'rank', align: 'right' },
  { key: 'customer' },
  { key: 'plan' },
  { key: 'value', align: 'right' },
  { key: 'share', align: 'right', show: (value) => (value === null ? '-' : `${String(value)} %`) },
];

/** The heaviest customers of a span. */
export async function run(context: Context, { by, count, from, to }: InputOf<typeof top>): Promise<Outcome> {
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now() });
  const rows = await rankCustomers(db, { by, limit: count, span });
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    title: `Top ${count} by ${by}, ${spanLine(span)}`,
    empty: 'Nobody used any in this span.',
    timezone: span.timezone,
  };
}
