import { adoptCustomer } from '../../mirror/adopt.ts';
import { linkPrice } from '../../mirror/link-price.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { differenceColumns, differenceRows, unreadNotes } from './differences.ts';
import type { adopt } from './spec.ts';

/** Takes over what Stripe has of a customer. A dry run looks at it and undoes it. */
export async function run(context: Context, input: InputOf<typeof adopt>): Promise<RowsOutcome> {
  const { customer, stripeCustomer, price: prices, replace } = input;
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
