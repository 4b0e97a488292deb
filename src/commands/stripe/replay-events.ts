import { fetchMissing } from '../../stripe-sync/replay.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { processedOutcome, processNow } from './process.ts';

/** Fetches events that Stripe has and that never arrived, and processes them. */
export async function run(
  context: Context,
  { since, type: types }: { since?: Date | undefined; type: string[] },
): Promise<RowsOutcome> {
  const connection = await context.database();
  const account = await context.stripe();
  const now = await context.now();
  const missing = await fetchMissing(connection, account, {
    since: since!,
    types,
    now,
    keep: !context.dryRun,
  });
  if (context.dryRun || missing.length === 0) {
    return {
      columns: [{ key: 'id', title: 'event' }, { key: 'type' }, { key: 'created_at', title: 'created' }],
      rows: missing,
      title: 'Events that never arrived',
      empty: 'No events are missing',
    };
  }
  const ids = missing.map(({ id }) => id);
  return processedOutcome(
    await processNow(context, { action: 'stripe events replay', ids }),
    'No events are missing',
  );
}
