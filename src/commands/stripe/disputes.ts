import { listDisputes } from '../../mirror/mirror-dispute.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { disputes } from './spec.ts';

/** Prints the disputes and the warnings. */
export async function run(context: Context, { customer }: InputOf<typeof disputes>): Promise<RowsOutcome> {
  return {
    columns: [
      { key: 'at' },
      { key: 'customer' },
      { key: 'kind' },
      { key: 'status' },
      { key: 'amount', align: 'right' },
      { key: 'currency', title: '' },
      { key: 'reason' },
      { key: 'payment', optional: true },
      { key: 'id', hidden: true },
    ],
    rows: await listDisputes(await context.database(), customer),
    empty: 'No disputes, and no warnings',
  };
}
