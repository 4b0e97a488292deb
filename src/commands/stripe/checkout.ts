import { ensureStripeCustomer, makeOffer, noteCutName, openCheckout } from '../../mirror/checkout.ts';
import { findPromotion } from '../../mirror/promotions.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { write } from '../write.ts';
import { returnUrlOf } from './return-url.ts';
import type { checkout } from './spec.ts';

/** Opens a page of Stripe's on which the customer subscribes; a dry run says what would be sold. */
export async function run(context: Context, input: InputOf<typeof checkout>): Promise<Outcome> {
  const { customer, plan, every, seats, discount, promotionCodes: promotions } = input;
  const returnUrl = await returnUrlOf(context, input.returnUrl);
  const currency = input.currency?.toUpperCase();
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
  if (context.dryRun) return say(context, { ...record, sentence: `${customer} would be offered ${what}` });
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
  const said = say(context, {
    ...page,
    ...record,
    stripe_customer: stripeCustomer,
    sentence: `Send ${customer} to this address to buy ${what}`,
  });
  return notes.length > 0 ? { ...said, notes } : said;
}
