import { listProviders } from '../../reports/list-providers.ts';
import { findSpan } from '../../reports/span.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import { type Options, verb } from '../verb.ts';
import { fromOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage-report providers', 'this month so far'],
    ['subctl usage-report providers --from 2026-01-01 --to 2026-02-01 --format csv', 'January, as CSV'],
  ],
  rows: 'list',
  asOf: true,
})
  .description(
    'mean ms is the mean latency of calls that reported one; errors % is the share of failed calls. ' +
      'Both cover all calls of the span. Reversed events and events without a provider are not ' +
      'counted. Times without a zone are UTC. The bounds are printed in the time zone of the settings.',
  )
  .addOption(fromOption)
  .addOption(toOption);

/** Prints every provider with its calls, tokens, cost, latency and errors. */
export async function run(context: Context, { from, to }: Options<typeof command>): Promise<RowsOutcome> {
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now(), timezone: context.timezone });
  return {
    title: 'Providers',
    columns: [
      { key: 'provider' },
      { key: 'calls', align: 'right' },
      { key: 'tokens', align: 'right' },
      { key: 'cost', align: 'right' },
      { key: 'mean_latency_ms', title: 'mean ms', align: 'right' },
      { key: 'errors', align: 'right' },
      { key: 'error_percent', title: 'errors %', align: 'right' },
    ],
    rows: (await listProviders(db, span)).map((row) => ({ ...row })),
    footer: [spanLine(span)],
    empty: 'No provider calls',
    timezone: span.timezone,
  };
}
