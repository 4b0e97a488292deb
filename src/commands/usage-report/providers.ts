import { listProviders } from '../../reports/list-providers.ts';
import { findSpan } from '../../reports/span.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import type { providers } from './spec.ts';

/** Every provider with its calls, tokens, cost, time and errors. */
export async function run(context: Context, { from, to }: InputOf<typeof providers>): Promise<RowsOutcome> {
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now() });
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
    empty: 'No provider was called',
    timezone: span.timezone,
  };
}
