import { adoptCustomer } from '../../stripe-sync/adopt.ts';
import { linkPrice } from '../../stripe-sync/link-price.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { differenceColumns, differenceRows, unreadNotes } from './differences.ts';
import { type Options, verb } from '../verb.ts';
import { many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl stripe adopt dana cus_T0000000dana --dry-run', 'preview what is adopted'],
    ['subctl stripe adopt dana cus_T0000000dana', 'link and import the customer'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Imports subscriptions, invoices and payments with their history, and keeps them in sync from ' +
      'then on. The Stripe prices must be known: run subctl stripe sync plans, or give --price for a ' +
      'price created by hand.\n\nThe API key is read from STRIPE_SECRET_KEY, or from the file named by ' +
      'STRIPE_SECRET_KEY_FILE.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<stripe-customer>', 'customer id at Stripe: cus_…')
  .option('--price <price=plan>', 'map a Stripe price to a plan: price_…=pro', many(text()), [])
  .option('--replace', 'replace the Stripe customer that is linked now', false);

/** Imports the data of a Stripe customer. A dry run rolls the import back. */
export async function run(
  context: Context,
  customer: string,
  stripeCustomer: string,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const { price: prices, replace } = options;
  const connection = await context.database();
  const account = await context.stripe();
  const at = await context.now();
  const request = {
    action: 'stripe adopt',
    asked: { customer, stripe_customer: stripeCustomer, price: prices, replace },
  };
  const { differences, failed } = await adoptCustomer(
    connection,
    account,
    (work) =>
      write(context, request, async (tx, change) => {
        for (const pair of prices) await linkPrice(tx, change, account, pair);
        return work(tx, change) as never;
      }),
    {
      customer,
      stripeCustomer,
      at,
      replace,
      rehearsal: context.dryRun,
    },
  );
  return {
    columns: differenceColumns,
    rows: differenceRows(differences),
    title: context.dryRun ? `Stripe data of ${customer}` : `Imported from Stripe for ${customer}`,
    empty: `${customer} is linked to ${stripeCustomer}: no differences`,
    ...(failed.length > 0 && {
      exit: 'incomplete' as const,
      notes: unreadNotes(failed.map(({ id, error }) => ({ customer, object: id, error }))),
    }),
  };
}
