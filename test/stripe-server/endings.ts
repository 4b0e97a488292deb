import type Stripe from 'stripe';
import { idOf, type World } from './world.ts';

/** Ends a subscription now; what was not collected of it is not tried any more. */
export function cancelNow(
  world: World,
  subscription: Stripe.Subscription,
  reason: Stripe.Subscription.CancellationDetails.Reason,
): Stripe.Subscription {
  const at = world.nowOf(idOf(subscription.customer));
  subscription.status = 'canceled';
  subscription.canceled_at ??= at;
  subscription.ended_at = at;
  subscription.cancellation_details = { comment: null, feedback: null, feedback_option: null, reason };
  for (const invoice of world.list(
    'invoice',
    (each) => idOf(each.parent?.subscription_details?.subscription) === subscription.id,
  ))
    if (invoice.status === 'open' || invoice.status === 'draft') {
      invoice.auto_advance = false;
      invoice.next_payment_attempt = null;
      invoice.automatically_finalizes_at = null;
    }
  world.emit('customer.subscription.deleted', subscription, at);
  return subscription;
}
