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
    ['subctl stripe checkout cleo pro', 'an address to send cleo to'],
    ['subctl stripe checkout cleo pro --every 1y --json', 'the same for a program, by the year'],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The customer is made at Stripe with the first page. Once it has paid, a webhook brings the ' +
      'subscription here; until then nothing changes. A customer, a group too, has one subscription: ' +
      'who pays for one already is refused.\n\n' +
      'The key of the account comes from STRIPE_SECRET_KEY or the file that STRIPE_SECRET_KEY_FILE ' +
      'names.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<plan>', 'the plan to buy')
  .option('--every <interval>', 'which of its prices; the shortest unless said', interval)
  .option('--currency <code>', 'which currency; the customer’s unless said')
  .option('--seats <number>', 'how many seats (1)', integer({ min: 1, max: 1_000_000 }))
  .option('--promotion-codes', 'the customer may enter a promotion code', false)
  .option('--discount <code>', 'a code that lowers the price, known to Stripe by stripe sync discounts')
  .addOption(returnUrlOption);

/** Opens a page of Stripe's on which the customer subscribes; a dry run says what would be sold. */
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
    sentence: `Send ${customer} to this address to buy ${what}`,
  });
  return notes.length > 0 ? { ...said, notes } : said;
}
