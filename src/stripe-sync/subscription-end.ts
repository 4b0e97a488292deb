import type Stripe from 'stripe';
import type { StripeAccount } from '../payments/stripe-account.ts';

/**
 * Returns when a Stripe subscription ends; null where it renews. The end is stored as that of its period (`cancel_at_period_end`), or, as
 * the portal does with flexible billing, as an instant alone (`cancel_at`).
 */
export function endOf({
  cancel_at: at,
  cancel_at_period_end: atEnd,
  items,
}: Stripe.Subscription): number | null {
  return at ?? (atEnd ? (items.data[0]?.current_period_end ?? null) : null);
}

/**
 * The parameters that undo the end, in the form in which it is stored; empty where there is none. Stripe accepts one of the two at a time.
 */
export function withoutEnd(
  found: Stripe.Subscription,
): Pick<Stripe.SubscriptionUpdateParams, 'cancel_at' | 'cancel_at_period_end'> {
  if (found.cancel_at_period_end) return { cancel_at_period_end: false };
  return found.cancel_at === null ? {} : { cancel_at: '' };
}

/** Undoes the end of a subscription, in either form, until Stripe has none. */
export async function clearEnd(account: StripeAccount, found: Stripe.Subscription): Promise<void> {
  let now = found;
  for (let form = 0; form < 2 && endOf(now) !== null; form++)
    now = await account.ask((client) => client.subscriptions.update(now.id, withoutEnd(now)));
}
