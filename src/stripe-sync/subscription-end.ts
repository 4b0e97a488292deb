import type Stripe from 'stripe';
import type { StripeAccount } from '../payments/stripe-account.ts';

/**
 * When a subscription of Stripe's ends; null where it goes on. Its end is noted as that of its period (`cancel_at_period_end`), or, as the portal
 * does with flexible billing, as an instant alone (`cancel_at`).
 */
export function endOf({
  cancel_at: at,
  cancel_at_period_end: atEnd,
  items,
}: Stripe.Subscription): number | null {
  return at ?? (atEnd ? (items.data[0]?.current_period_end ?? null) : null);
}

/** What takes the end back, in the form in which it is noted; nothing where there is none. Stripe takes one of the two at a time. */
export function withoutEnd(
  found: Stripe.Subscription,
): Pick<Stripe.SubscriptionUpdateParams, 'cancel_at' | 'cancel_at_period_end'> {
  if (found.cancel_at_period_end) return { cancel_at_period_end: false };
  return found.cancel_at === null ? {} : { cancel_at: '' };
}

/** Takes the end of a subscription back, whichever form it has, until Stripe answers that there is none. */
export async function clearEnd(account: StripeAccount, found: Stripe.Subscription): Promise<void> {
  let now = found;
  for (let form = 0; form < 2 && endOf(now) !== null; form++)
    now = await account.ask((client) => client.subscriptions.update(now.id, withoutEnd(now)));
}
