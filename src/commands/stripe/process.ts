import type { Processed } from '../../stripe-sync/process-events.ts';
import { processWaiting } from '../../stripe-sync/process-waiting.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';

/** Processes pending events, or the given ones. Each group runs in its own transaction with its own recorded change. */
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

/** The output for processed events. Exit code 7 if any event failed. */
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
      notes: ['Failed events are retried automatically. To retry now: subctl stripe events retry'],
    }),
  };
}
