import { listEvents as list } from '../../stripe-sync/events.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** Prints received webhook events, newest first. */
export async function run(
  context: Context,
  {
    status: statuses,
    type: types,
    customer,
    limit,
  }: {
    status: Parameters<typeof list>[1]['statuses'];
    type: string[];
    customer: string | undefined;
    limit: number;
  },
): Promise<RowsOutcome> {
  const rows = await list(await context.database(), { statuses, types, customer, limit });
  return {
    columns: [
      { key: 'id', title: 'event' },
      { key: 'type' },
      { key: 'status' },
      { key: 'customer' },
      { key: 'attempts', align: 'right', optional: true },
      { key: 'created_at', title: 'created', optional: true },
      { key: 'received_at', hidden: true },
      { key: 'processed_at', hidden: true },
      { key: 'next_try_at', hidden: true },
      { key: 'last_error', title: 'error' },
      { key: 'note', hidden: true },
    ],
    rows,
    empty: 'No webhook events',
  };
}
