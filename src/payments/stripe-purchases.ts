import type Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import type { LivePurchase } from './gateway.ts';
import type { StripeAccount } from './stripe-account.ts';

/**
 * Closes the pages on which a customer at Stripe could still subscribe, and returns the live subscriptions there. In this order no page
 * can be paid in between. Pages for other products stay open.
 */
export async function closePurchases(account: StripeAccount, customer: string): Promise<LivePurchase[]> {
  await expirePages(account, customer);
  const found: LivePurchase[] = [];
  const list = (client: Stripe) => client.subscriptions.list({ customer, limit: 100 });
  for await (const { id, status, items } of account.pages(list))
    if (live.test(status)) found.push({ id, status, prices: items.data.map(({ price }) => price.id) });
  return found;
}

const live = /^(trialing|active|past_due|unpaid|paused)$/;

async function expirePages(account: StripeAccount, customer: string): Promise<void> {
  const list = (client: Stripe) => client.checkout.sessions.list({ customer, status: 'open', limit: 100 });
  for await (const { id, mode } of account.pages(list)) {
    if (mode !== 'subscription') continue;
    try {
      await account.ask((client) => client.checkout.sessions.expire(id));
    } catch (error) {
      // it was paid or has expired meanwhile; the subscriptions are read next
      if (!(error instanceof Failure && error.kind === 'refused')) throw error;
    }
  }
}
