import { wakeEvents } from '../../stripe-sync/events.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { processedOutcome, processNow } from './process.ts';

/** Processes pending and failed events now, whatever their next attempt. */
export async function run(context: Context, { event }: { event?: string | undefined }): Promise<RowsOutcome> {
  const connection = await context.database();
  const now = await context.now();
  const ids = await inTransaction(connection, (tx) =>
    wakeEvents(tx, { id: event, now, look: context.dryRun }),
  );
  const processed = ids.length === 0 ? [] : await processNow(context, { action: 'stripe events retry', ids });
  return processedOutcome(processed, 'There are no pending or failed webhooks');
}
