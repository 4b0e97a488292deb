import type Stripe from 'stripe';
import { cancelNow } from './endings.ts';
import { subscriptionOf } from './invoices.ts';
import { idOf, type World } from './world.ts';

/** A paid invoice gives its subscription back what it is. */
export function afterPayment(world: World, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(world, invoice);
  if (!subscription || !['incomplete', 'past_due', 'unpaid'].includes(subscription.status)) return;
  const isLatest = subscription.latest_invoice === invoice.id;
  if (!isLatest && subscription.status !== 'incomplete') return;
  move(world, subscription, 'active');
}

/** An invoice that was refused makes its subscription past due; after the last try what the account has decided becomes of it. */
export function afterFailure(world: World, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(world, invoice);
  if (!subscription || !['active', 'trialing', 'past_due'].includes(subscription.status)) return;
  if (invoice.next_payment_attempt !== null) return move(world, subscription, 'past_due');
  const { then } = world.dunning;
  if (then === 'canceled') cancelNow(world, subscription, 'payment_failed');
  else move(world, subscription, then);
}

export function move(
  world: World,
  subscription: Stripe.Subscription,
  status: Stripe.Subscription.Status,
): void {
  if (subscription.status === status) return;
  const previous = { status: subscription.status };
  subscription.status = status;
  world.emit(
    'customer.subscription.updated',
    subscription,
    world.nowOf(idOf(subscription.customer)),
    previous,
  );
}
