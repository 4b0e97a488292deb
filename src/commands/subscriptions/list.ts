import { listSubscriptions as list } from '../../subscriptions/list.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import { quoted } from '../line-of.ts';
import type { Context } from '../context.ts';
import type { listSubscriptions } from './spec.ts';

/** Prints a page of subscriptions. */
export async function run(context: Context, input: InputOf<typeof listSubscriptions>): Promise<RowsOutcome> {
  const { status: statuses, ...filter } = input;
  const rows = await list(await context.database(), { ...filter, statuses, now: await context.now() });
  const more = rows.length === input.limit && rows.at(-1);
  return {
    columns: [
      { key: 'customer' },
      { key: 'plan' },
      { key: 'version', align: 'right', optional: true },
      { key: 'status' },
      { key: 'every', optional: true },
      { key: 'price', align: 'right', optional: true },
      { key: 'currency', title: '', optional: true },
      { key: 'seats', align: 'right', optional: true, hidden: true },
      { key: 'pending_seats', hidden: true },
      { key: 'collection', optional: true },
      { key: 'period_start', hidden: true },
      { key: 'period_end' },
      { key: 'renews' },
      { key: 'pending_plan', optional: true },
      { key: 'assigned_by', hidden: true },
      { key: 'note', hidden: true },
      { key: 'started_at', hidden: true },
      { key: 'ended_at', hidden: true },
      { key: 'subscription', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: more ? [`The next page: subctl subscriptions list --after ${quoted(more.customer)}`] : [],
    empty: 'No subscriptions',
  };
}
