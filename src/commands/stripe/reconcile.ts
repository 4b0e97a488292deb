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
    ['subctl stripe reconcile', 'what differs'],
    ['subctl stripe reconcile --customer cleo --apply', 'mend one customer'],
  ],
  exits: [3, 4, 7, 8],
  rows: 'list',
  asOf: true,
  writes: true,
})
  .description(
    'Subscriptions, invoices, payments and refunds of each customer who is one of Stripe’s, page by ' +
      'page. Nothing is written without --apply; with it, this side becomes what Stripe says. Exit code ' +
      '4 says that something differs and is not mended. The task stripe-reconcile does the same every ' +
      'night.\n\n' +
      'The key of the account comes from STRIPE_SECRET_KEY or the file that STRIPE_SECRET_KEY_FILE ' +
      'names.',
  )
  .option('--apply', 'make it here what it is at Stripe', false)
  .option('--customer <customer>', 'only this one')
  .option('--after <customer>', 'only those with a greater id: where a run was stopped')
  .option('--limit <number>', 'at most this many customers', integer({ min: 1 }));

/** Compares customers with Stripe; what is shown without --apply is what --apply writes, undone. */
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
      title: differences.length === 0 ? said : `${said}, ${keeps ? 'mended' : 'not mended'}`,
      empty: unread.length > 0 ? 'What could be read does not differ.' : 'Stripe and this database agree.',
      notes: [
        ...unreadNotes(unread),
        ...(await noteUnlinkedCustomers(context, input)),
        ...(differences.length > 0 && !keeps ? ['To mend it: subctl stripe reconcile --apply'] : []),
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
