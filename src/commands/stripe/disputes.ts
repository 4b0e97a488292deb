import { listDisputes } from '../../stripe-sync/mirror-dispute.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl stripe disputes', 'all disputes, newest first'],
    ['subctl stripe disputes --customer cleo --json', 'disputes of cleo, as JSON'],
  ],
  rows: 'list',
}).option('--customer <customer>', 'only this customer');

/** Prints disputes and early fraud warnings. */
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
    empty: 'There are no disputes or fraud warnings',
  };
}
