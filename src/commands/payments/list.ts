import { listPayments as list } from '../../invoices/list-payments.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listPayments } from './spec.ts';

/** Prints payments and attempts at them, the newest first. */
export async function run(context: Context, input: InputOf<typeof listPayments>): Promise<RowsOutcome> {
  const { status: statuses, ...filter } = input;
  const rows = await list(await context.database(), { ...filter, statuses });
  return {
    columns: [
      { key: 'at' },
      { key: 'customer' },
      { key: 'invoice', optional: true },
      { key: 'status' },
      { key: 'amount', align: 'right' },
      { key: 'refunded', align: 'right', optional: true },
      { key: 'disputed', hidden: true },
      { key: 'currency', title: '' },
      { key: 'amount_minor', hidden: true },
      { key: 'provider', optional: true },
      { key: 'reference', optional: true },
      { key: 'provider_id', hidden: true },
      { key: 'attempt', hidden: true },
      { key: 'error', optional: true },
      { key: 'ask_at', hidden: true },
      { key: 'id', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: 'No payments',
  };
}
