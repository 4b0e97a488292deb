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
    ['subctl stripe adopt dana cus_T0000000dana --dry-run', 'what would come'],
    ['subctl stripe adopt dana cus_T0000000dana', 'take it over'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Subscriptions, invoices and payments come here with their history, and are kept as they are ' +
      'there from then on. The prices must be known: subctl stripe sync plans, or --price for one that ' +
      'was made by hand.\n\n' +
      'The key of the account comes from STRIPE_SECRET_KEY or the file that STRIPE_SECRET_KEY_FILE ' +
      'names.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<stripe-customer>', 'its id at Stripe: cus_…')
  .option(
    '--price <price=plan>',
    'a price of Stripe’s that sells a plan, price_…=pro; several times',
    many(text()),
    [],
  )
  .option('--replace', 'leave the customer of Stripe’s that it has', false);

/** Takes over what Stripe has of a customer. A dry run looks at it and undoes it. */
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
    title: context.dryRun ? `What Stripe has of ${customer}` : `What came from Stripe of ${customer}`,
    empty: `${customer} is ${stripeCustomer}, and nothing differs`,
    ...(failed.length > 0 && {
      exit: 'incomplete' as const,
      notes: unreadNotes(failed.map(({ id, error }) => ({ customer, object: id, error }))),
    }),
  };
}
