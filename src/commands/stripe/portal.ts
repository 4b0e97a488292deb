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
    ['subctl stripe portal cleo', 'create a portal page for cleo'],
    ['subctl stripe portal cleo --return-url https://app.example.org/billing', 'with a return URL'],
  ],
  exits: [3, 4],
  rows: true,
})
  .description(
    'Changes that the customer makes there arrive here by webhook.\n\nThe API key is read from ' +
      'STRIPE_SECRET_KEY, or from the file named by STRIPE_SECRET_KEY_FILE.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(returnUrlOption);

/** Creates a Stripe customer portal page. */
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
    sentence: `Send ${customer} to this URL; it is valid for a few minutes`,
  });
}
