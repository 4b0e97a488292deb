import { groupDigits } from '../../domain/group-digits.ts';
import { type CountedUses, countUses, rankCustomers } from '../../reports/rank-customers.ts';
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
  const uses = rows.length === 0 ? await countUses(db, span) : undefined;
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    title: `Top ${count} by ${by}, ${spanLine(span)}`,
    empty: uses && emptySentence(by, uses),
    timezone: span.timezone,
  };
}

/** What is empty: the span, or what was asked of it. */
function emptySentence(by: string, { uses, priced }: CountedUses): string {
  if (uses === 0) return 'There were no uses in this span.';
  const others = `${groupDigits(String(uses))} ${uses === 1 ? 'use' : 'uses'}`;
  const tryCalls = 'Try --by calls';
  if (by === 'cost')
    return priced === 0
      ? `No cost was recorded: ${others}, none of them priced. ${tryCalls}`
      : `No cost was recorded: ${others}, ${groupDigits(String(priced))} of them priced, at 0. ${tryCalls}`;
  if (by === 'credits') return `No credits were spent: ${others}, none of them for credits. ${tryCalls}`;
  return `Nothing was counted on ${by}: ${others}, none of them on this meter. ${tryCalls}`;
}
