import { needCustomer } from '../../customers/find-customer.ts';
import { openPortal } from '../../mirror/checkout.ts';
import { findStripeCustomer } from '../../mirror/find-owner.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { returnUrlOf } from './return-url.ts';
import type { portal } from './spec.ts';

/** Opens a page of Stripe's on which a customer looks after its own money. */
export async function run(context: Context, input: InputOf<typeof portal>): Promise<Outcome> {
  const { customer } = input;
  const returnUrl = await returnUrlOf(context, input.returnUrl);
  const connection = await context.database();
  await needCustomer(connection, customer);
  const stripeCustomer = await findStripeCustomer(connection, customer);
  const url = await openPortal(await context.stripe(), { customer, stripeCustomer, returnUrl });
  return say(context, {
    url,
    customer,
    stripe_customer: stripeCustomer,
    sentence: `Send ${customer} to this address; it is good for a few minutes`,
  });
}
