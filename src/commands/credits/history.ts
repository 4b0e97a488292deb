import { listHistory } from '../../credits/history.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { Specs } from './spec.ts';

const columns: Column[] = [
  { key: 'at' },
  { key: 'kind' },
  { key: 'amount', align: 'right' },
  { key: 'balance_after', title: 'balance', align: 'right' },
  { key: 'source' },
  { key: 'actor', optional: true },
  { key: 'reason', optional: true },
  ...['id', 'grant', 'event', 'action', 'change'].map((key) => ({ key, hidden: true })),
];

/** Lists the ledger of a customer's credits, streamed. */
export async function run(context: Context, input: InputOf<Specs['history']>): Promise<RowsOutcome> {
  return {
    columns,
    rows: listHistory(await context.database(), input),
    empty: `${input.customer} has had no credits.`,
  };
}
