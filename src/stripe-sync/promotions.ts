import type Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';

/** Stripe's promotion codes that are our codes, by their code. */
export async function readPromotions(account: StripeAccount): Promise<Map<string, Stripe.PromotionCode>> {
  const found = new Map<string, Stripe.PromotionCode>();
  for await (const each of account.pages((client) => client.promotionCodes.list({ limit: 100 }))) {
    const code = each.metadata?.['subctl_code'];
    if (code !== undefined && (!found.has(code) || each.active)) found.set(code, each);
  }
  return found;
}

/** Finds the id of the promotion code of one of our codes. @throws Failure refused where Stripe has no active one */
export async function findPromotion(account: StripeAccount, code: string): Promise<string> {
  const asked = code.toUpperCase();
  const list = await account.ask((client) =>
    client.promotionCodes.list({ code: asked, active: true, limit: 10 }),
  );
  const found = list.data.find(({ metadata }) => metadata?.['subctl_code'] === asked);
  if (found) return found.id;
  throw new Failure('refused', `Stripe has no active code ${asked}`, {
    hint: 'Sync the codes: subctl stripe sync discounts',
  });
}
