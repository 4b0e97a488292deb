import { ensureStripeCustomer, makeOffer, noteCutName, openCheckout } from '../../stripe-sync/checkout.ts';
import { findPromotion } from '../../stripe-sync/promotions.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { write } from '../write.ts';
import { returnUrlOf } from './return-url.ts';
import { type Options, verb } from '../verb.ts';
import { integer, interval } from '../readers.ts';
import { returnUrlOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl stripe checkout cleo pro', 'create a checkout page for cleo'],
    ['subctl stripe checkout cleo pro --every 1y --json', 'the yearly price, as JSON'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The customer is created at Stripe with the first page. The subscription starts here when the ' +
      'payment webhook arrives; nothing changes before. A customer or group has at most one paid ' +
      'subscription; a second one is refused.\n\nThe API key is read from STRIPE_SECRET_KEY, or from the ' +
      'file named by STRIPE_SECRET_KEY_FILE.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<plan>', 'plan to buy')
  .option('--every <interval>', 'billing interval (default: the shortest of the plan)', interval)
  .option('--currency <code>', "currency (default: the customer's)")
  .option('--seats <number>', 'number of seats (default: 1)', integer({ min: 1, max: 1_000_000 }))
  .option('--promotion-codes', 'allow the customer to enter a promotion code', false)
  .option('--discount <code>', 'discount code, synced with: stripe sync discounts')
  .addOption(returnUrlOption);

/** Creates a Stripe Checkout page. A dry run prints the offer only. */
export async function run(
  context: Context,
  customer: string,
  plan: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { every, seats, discount, promotionCodes: promotions } = options;
  const returnUrl = await returnUrlOf(context, options.returnUrl);
  const currency = options.currency?.toUpperCase();
  const connection = await context.database();
  const offer = await makeOffer(connection, {
    customer,
    plan,
    every,
    currency,
    seats,
    returnUrl,
    promotions,
  });
  const { trialDays, every: per, amount, seats: number } = offer;
  const record = {
    customer,
    plan: offer.plan,
    every: per,
    amount,
    currency: offer.currency,
    seats: number,
    trial_days: trialDays,
  };
  const what = `${offer.plan} for ${offer.amount} ${offer.currency} every ${offer.every}`;
  if (context.dryRun)
    return changeOutcome(context, { ...record, sentence: `${customer} would be offered ${what}` });
  const account = await context.stripe();
  const gateway = await context.gateway();
  const promotionCode = discount === undefined ? undefined : await findPromotion(account, discount);
  const asked = { customer, plan, every, seats, discount };
  const stripeCustomer = await ensureStripeCustomer(
    connection,
    gateway,
    (work) => write(context, { action: 'stripe checkout', asked }, work as never),
    customer,
  );
  const sale = { offer, stripeCustomer, returnUrl, promotions, promotionCode };
  const page = await openCheckout(connection, account, sale);
  const notes = await noteCutName(connection, customer);
  const said = changeOutcome(context, {
    ...page,
    ...record,
    stripe_customer: stripeCustomer,
    sentence: `Send ${customer} to this URL to buy ${what}`,
  });
  return notes.length > 0 ? { ...said, notes } : said;
}
