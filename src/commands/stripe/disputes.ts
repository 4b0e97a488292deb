import { listDisputes } from '../../stripe-sync/mirror-dispute.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl stripe disputes', 'all of them, the newest first'],
    ['subctl stripe disputes --customer cleo --json', 'cleo’s, for a program'],
  ],
  rows: 'list',
}).option('--customer <customer>', 'only those of this customer');

/** Prints the disputes and the warnings. */
export async function run(context: Context, { customer }: Options<typeof command>): Promise<RowsOutcome> {
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
