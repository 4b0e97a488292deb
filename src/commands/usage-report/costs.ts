import { Failure } from '../../domain/failure.ts';
import { listCosts, readCostFacts } from '../../reports/cost-by.ts';
import { listMargins } from '../../reports/margin.ts';
import { findSpan } from '../../reports/span.ts';
import { showInstant } from '../../terminal/values.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { costTable, marginTable } from './costs-page.ts';
import { spanLine } from './span-line.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report costs', 'this month so far, by model'],
    ['subctl usage-report costs --by customer --format csv', 'cost by customer, as CSV'],
    ['subctl usage-report costs --margin --from 2026-01-01 --to 2026-02-01', 'margin by plan for January'],
  ],
  rows: 'list',
  asOf: true,
})
  .description(
    'Every event of the span is in one row, so each grouping has the same total. unpriced counts ' +
      'events without a price; their cost is in no row. To list them: subctl pricing ' +
      'unpriced.\n\n--margin compares revenue with cost by plan or customer, lowest margin first. ' +
      'Revenue is by accrual: a line of an open or paid invoice counts for the share of its period in ' +
      'the span. Refunds count when made; taxes do not count. margin % is of revenue, markup % of ' +
      'cost. Amounts are rounded to the digits of their currency. There is no currency conversion, so ' +
      'there is no margin if costs have another currency. Times without a zone are UTC. The bounds are ' +
      'printed in the time zone of the settings.',
  )
  .addOption(
    new Option('--by <what>', 'group by (default: model; with --margin: plan)').choices([
      'model',
      'provider',
      'plan',
      'kind',
      'customer',
    ]),
  )
  .option('--margin', 'compare cost with revenue, by plan or customer', false)
  .addOption(fromOption)
  .addOption(toOption);

/** Prints the cost of usage, or the margin. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { margin, from, to } = input;
  const by = input.by ?? (margin ? 'plan' : 'model');
  if (margin && by !== 'plan' && by !== 'customer')
    throw new Failure('usage', `There is no margin by ${by}: revenue is known only by plan and customer`, {
      hint: 'Give --by plan or --by customer',
    });
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now(), timezone: context.timezone });
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
        ? [`Events before ${showInstant(keptFrom, span.timezone)} were deleted: their cost is missing`]
        : []),
    ],
    timezone: span.timezone,
  };
}
