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
    ['subctl usage-report costs --by customer --format csv', 'what each customer cost'],
    ['subctl usage-report costs --margin --from 2026-01-01 --to 2026-02-01', 'what January’s plans brought'],
  ],
  rows: 'list',
  asOf: true,
})
  .description(
    'Every use of the span is in one row, so that each grouping has the same total. unpriced are the ' +
      'uses that no price is known for: pricing unpriced lists them, and their cost is in no row.\n\n' +
      '--margin sets what customers paid against what they cost, by plan or customer, the least first. ' +
      'Revenue is by accrual: a line of an invoice that is open or paid counts for the share of its ' +
      'period that lies in the span; refunds when they were made; taxes not at all. margin % is of the ' +
      'revenue, mark-up % of the cost. Each amount is rounded to what can be paid in its currency, and ' +
      'nothing is converted: there is no margin where costs have another currency. Times without a zone ' +
      'are UTC; the bounds are printed in the zone of the settings, with their offset.',
  )
  .addOption(
    new Option('--by <what>', 'one row each (model; with --margin plan)').choices([
      'model',
      'provider',
      'plan',
      'kind',
      'customer',
    ]),
  )
  .option('--margin', 'against what was paid, by plan or customer', false)
  .addOption(fromOption)
  .addOption(toOption);

/** What uses cost, or what is earned on them. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { margin, from, to } = input;
  const by = input.by ?? (margin ? 'plan' : 'model');
  if (margin && by !== 'plan' && by !== 'customer')
    throw new Failure('usage', `There is no margin by ${by}: customers do not pay by ${by}`, {
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
        ? [`Uses before ${showInstant(keptFrom, span.timezone)} are no longer kept: their cost is missing`]
        : []),
    ],
    timezone: span.timezone,
  };
}
