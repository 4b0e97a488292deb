import { groupDigits } from '../../domain/group-digits.ts';
import { type CountedUses, countUses, rankCustomers } from '../../reports/rank-customers.ts';
import { findSpan } from '../../reports/span.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report top --by credits', 'the ten customers with the most credits spent this month'],
    ['subctl usage-report top --by calls --limit 3 --format csv', 'the three customers with the most calls'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description(
    'value is the usage of a customer in the span, share its part of the total. plan is the plan at ' +
      'the end of the span. Times without a zone are UTC. The bounds are printed in the time zone of ' +
      'the settings.',
  )
  .option('--by <what>', 'ranking: credits, cost, calls or a meter id', 'cost')
  .option('--limit <number>', 'number of customers', integer({ min: 1, max: 100_000 }), 10)
  .addOption(fromOption)
  .addOption(toOption);

const columns: readonly Column[] = [
  { key: 'rank', align: 'right' },
  { key: 'customer' },
  { key: 'plan' },
  { key: 'value', align: 'right' },
  { key: 'share', align: 'right', show: (value) => (value === null ? '-' : `${String(value)} %`) },
];

/** Prints the customers with the highest usage in a span. */
export async function run(
  context: Context,
  { by, limit, from, to }: Options<typeof command>,
): Promise<Outcome> {
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now(), timezone: context.timezone });
  const rows = await rankCustomers(db, { by, limit, span });
  const uses = rows.length === 0 ? await countUses(db, span) : undefined;
  return {
    columns,
    rows: rows.map((row) => ({ ...row })),
    title: `Top ${limit} by ${by}, ${spanLine(span)}`,
    empty: uses && emptySentence(by, uses),
    timezone: span.timezone,
  };
}

/** Explains an empty result: no events in the span, or none with this measure. */
function emptySentence(by: string, { uses, priced }: CountedUses): string {
  if (uses === 0) return 'There are no events in this span.';
  const others = `${groupDigits(String(uses))} ${uses === 1 ? 'event' : 'events'}`;
  const tryCalls = 'Try --by calls';
  if (by === 'cost')
    return priced === 0
      ? `No cost was recorded: ${others}, none of them priced. ${tryCalls}`
      : `No cost was recorded: ${others}, ${groupDigits(String(priced))} of them priced, at 0. ${tryCalls}`;
  if (by === 'credits') return `No credits were spent: ${others}, none of them with credits. ${tryCalls}`;
  return `Nothing was counted on ${by}: ${others}, none of them on this meter. ${tryCalls}`;
}
