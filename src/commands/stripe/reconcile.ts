import { inDryRun } from '../../database/dry-run.ts';
import { recordChange } from '../../database/change.ts';
import { isUnchanged } from '../../stripe-sync/mirror-customer.ts';
import { type Reconciled, reconcile as compare } from '../../stripe-sync/reconcile.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { differenceColumns, differenceRows, unreadNotes } from './differences.ts';
import { noteUnlinkedCustomers } from './unlinked-customers.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl stripe reconcile', 'list the differences'],
    ['subctl stripe reconcile --customer cleo --apply', 'correct one customer'],
  ],
  exits: [3, 4, 7, 8],
  rows: 'list',
  asOf: true,
  writes: true,
})
  .description(
    'Compares subscriptions, invoices, payments and refunds of each linked customer, page by page. ' +
      'Without --apply nothing is written; with it this database takes the state of Stripe. Exit code ' +
      '4 means that there are uncorrected differences. The task stripe-reconcile does the same every ' +
      'night.\n\nThe API key is read from STRIPE_SECRET_KEY, or from the file named by ' +
      'STRIPE_SECRET_KEY_FILE.',
  )
  .option('--apply', 'apply the state of Stripe to this database', false)
  .option('--customer <customer>', 'only this customer')
  .option('--after <customer>', 'only customers with a greater id, to continue an interrupted run')
  .option('--limit <number>', 'maximum number of customers', integer({ min: 1 }));

/** Compares customers with Stripe. Without --apply the same changes are made and rolled back. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { apply, ...which } = input;
  const connection = await context.database();
  const account = await context.stripe();
  const [now, actor] = [await context.now(), await context.actor()];
  const keeps = apply && !context.dryRun;
  const change = { now, actor, reason: context.reason, action: 'stripe reconcile', asked: { ...input } };
  const progress = context.progress('customers compared');
  try {
    const done = await compare(
      connection,
      account,
      (work) =>
        inDryRun(
          connection,
          async (tx) => work(tx, await recordChange(tx, change)),
          (found) => !keeps || isUnchanged(found),
        ),
      {
        at: now,
        ...which,
        shouldStop: () => context.signal.aborted,
        page: async (count) => progress.update(count),
      },
    );
    context.signal.throwIfAborted();
    const { compared, differences, unread } = done;
    const said = `${compared} compared, ${differences.length} differences`;
    return {
      columns: differenceColumns,
      rows: differenceRows(differences),
      title: differences.length === 0 ? said : `${said}, ${keeps ? 'corrected' : 'not corrected'}`,
      empty: unread.length > 0 ? 'No differences in what could be read.' : 'Stripe and this database match.',
      notes: [
        ...unreadNotes(unread),
        ...(await noteUnlinkedCustomers(context, input)),
        ...(differences.length > 0 && !keeps ? ['To correct them: subctl stripe reconcile --apply'] : []),
      ],
      ...exitOf(done, keeps),
    };
  } finally {
    progress.stop();
  }
}

function exitOf({ unread, differences }: Reconciled, keeps: boolean): Pick<RowsOutcome, 'exit'> {
  if (unread.length > 0) return { exit: 'incomplete' };
  return differences.length > 0 && !keeps ? { exit: 'refused' } : {};
}
