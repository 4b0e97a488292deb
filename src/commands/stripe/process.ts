import type { Processed } from '../../stripe-sync/process-events.ts';
import { processWaiting } from '../../stripe-sync/process-waiting.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

/** Processes the events that wait, or some of them, as a command does: each group in a transaction of its own under its own change. */
export async function processNow(
  context: Context,
  { action, ids }: { action: string; ids?: readonly string[] | undefined },
): Promise<Processed[]> {
  const connection = await context.database();
  const account = await context.stripe();
  return processWaiting(
    connection,
    account,
    (work) => write(context, { action, asked: { events: ids } }, work as never),
    {
      now: await context.now(),
      ids,
      limit: ids ? 100_000 : 10_000,
      signal: context.signal,
    },
  );
}

/** How processed events are shown; one that failed is the exit code 7. */
export function processedOutcome(processed: readonly Processed[], empty: string): RowsOutcome {
  return {
    columns: [
      { key: 'id', title: 'event' },
      { key: 'type' },
      { key: 'status' },
      { key: 'customer' },
      { key: 'note' },
    ],
    rows: processed.map((each) => ({ ...each })),
    empty,
    ...(processed.some(({ status }) => status === 'failed') && {
      exit: 'incomplete' as const,
      notes: ['What failed is tried again by itself, and with: subctl stripe events retry'],
    }),
  };
}
