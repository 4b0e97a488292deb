import { refuseForStripe } from '../../stripe-sync/stripe-plan-request.ts';
import { findPromotion } from '../../stripe-sync/promotions.ts';
import type { Assignment } from '../../subscriptions/assignment.ts';
import { findLiveSubscription } from '../../subscriptions/live-subscription.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';

/** Changes the plan at Stripe for a customer whose subscription Stripe owns; undefined for all others. */
export async function assignAtStripe(context: Context, asked: Assignment): Promise<Outcome | undefined> {
  const { customer, plan, every, currency, when, anchor, proration, seats, discount } = asked;
  const head = await findLiveSubscription(await context.database(), customer);
  if (head?.collection !== 'stripe') return undefined;
  refuseForStripe(asked);
  const promotionCode =
    discount === undefined ? undefined : await findPromotion(await context.stripe(), discount);
  const subscriptionChange = {
    kind: 'plan',
    plan,
    every,
    currency,
    when: when instanceof Date ? undefined : when,
    anchor,
    proration,
    seats,
    promotionCode,
  } as const;
  return atStripe(context, { action: 'assign', asked: { ...asked }, customer }, subscriptionChange);
}
