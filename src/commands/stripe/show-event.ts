import { getEvent } from '../../stripe-sync/events.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** Shows one webhook event with its payload. */
export async function run(
  context: Context,
  { event }: { event?: string | undefined },
): Promise<RecordOutcome> {
  const { payload, ...about } = await getEvent(await context.database(), event!);
  const entries = Object.entries(about)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key.replaceAll('_', ' '), value] as const);
  return {
    record: { ...about, payload },
    sections: [
      { entries },
      { title: 'payload as received', entries: [['payload', JSON.stringify(payload, null, 2)]] },
    ],
  };
}
