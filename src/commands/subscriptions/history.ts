import { listHistory as list } from '../../subscriptions/history.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listHistory } from './spec.ts';

/** Prints what happened, oldest first. */
export async function run(context: Context, input: InputOf<typeof listHistory>): Promise<RowsOutcome> {
  const rows = await list(await context.database(), input);
  return {
    columns: [
      { key: 'at' },
      { key: 'event' },
      { key: 'plan' },
      { key: 'version', hidden: true },
      { key: 'status' },
      { key: 'period_start', hidden: true },
      { key: 'period_end', optional: true },
      { key: 'amount', align: 'right' },
      { key: 'currency', title: '', optional: true },
      { key: 'detail', optional: true },
      { key: 'actor', optional: true },
      { key: 'change', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: `${input.customer} has had no subscription`,
  };
}
