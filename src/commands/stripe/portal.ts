import { needCustomer } from '../../customers/find-customer.ts';
import { openPortal } from '../../stripe-sync/open-portal.ts';
import { findStripeCustomer } from '../../stripe-sync/find-owner.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { returnUrlOf } from './return-url.ts';
import { type Options, verb } from '../verb.ts';
import { returnUrlOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl stripe portal cleo', 'an address to send cleo to'],
    [
      'subctl stripe portal cleo --return-url https://app.example.org/billing',
      'and where cleo comes back to',
    ],
  ],
  exits: [3, 4],
  rows: true,
})
  .description(
    'What the customer changes there comes here by webhook.\n\n' +
      'The key of the account comes from STRIPE_SECRET_KEY or the file that STRIPE_SECRET_KEY_FILE ' +
      'names.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(returnUrlOption);

/** Opens a page of Stripe's on which a customer looks after its own money. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const returnUrl = await returnUrlOf(context, options.returnUrl);
  const connection = await context.database();
  await needCustomer(connection, customer);
  const stripeCustomer = await findStripeCustomer(connection, customer);
  const url = await openPortal(await context.stripe(), { customer, stripeCustomer, returnUrl });
  return changeOutcome(context, {
    url,
    customer,
    stripe_customer: stripeCustomer,
    sentence: `Send ${customer} to this address; it is good for a few minutes`,
  });
}
