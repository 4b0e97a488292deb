import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';

/** Opens the page at Stripe on which a customer sees invoices, changes the card, and changes or cancels the subscription. */
export async function openPortal(
  account: StripeAccount,
  {
    customer,
    stripeCustomer,
    returnUrl,
  }: { customer: string; stripeCustomer: string | undefined; returnUrl: string },
): Promise<string> {
  if (stripeCustomer === undefined) {
    throw new Failure('refused', `${customer} is not linked with a Stripe customer`, {
      hint: `its first purchase links it: subctl stripe checkout ${customer} PLAN`,
    });
  }
  const params = { customer: stripeCustomer, return_url: returnUrl };
  return (await account.ask((client) => client.billingPortal.sessions.create(params))).url;
}
