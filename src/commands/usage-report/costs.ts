import { Failure } from '../../domain/failure.ts';
import { listCosts, readCostFacts } from '../../reports/cost-by.ts';
import { listMargins } from '../../reports/margin.ts';
import { findSpan } from '../../reports/span.ts';
import { showInstant } from '../../terminal/values.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { costTable, marginTable } from './costs-page.ts';
import type { costs } from './costs-spec.ts';
import { spanLine } from './span-line.ts';

/** What uses cost, or what is earned on them. */
export async function run(context: Context, input: InputOf<typeof costs>): Promise<RowsOutcome> {
  const { margin, from, to } = input;
  const by = input.by ?? (margin ? 'plan' : 'model');
  if (margin && by !== 'plan' && by !== 'customer')
    throw new Failure('usage', `There is no margin by ${by}: nobody pays for a ${by}`, {
      hint: 'Give --by plan or --by customer',
    });
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now() });
  const { currency, keptFrom } = await readCostFacts(db);
  const table =
    margin && (by === 'plan' || by === 'customer')
      ? marginTable(await listMargins(db, span, by), { by, currency })
      : costTable(await listCosts(db, span, by), { by, currency });
  const gone = keptFrom !== null && keptFrom > span.from;
  return {
    ...table,
    footer: [spanLine(span), ...(table.footer ?? [])],
    notes: [
      ...(table.notes ?? []),
      ...(gone
        ? [`Uses before ${showInstant(keptFrom, span.timezone)} are no longer kept: their cost is missing`]
        : []),
    ],
    timezone: span.timezone,
  };
}
