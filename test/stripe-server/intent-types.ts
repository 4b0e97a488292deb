import type Stripe from 'stripe';
import { type Params, flag, list, record, text } from './form.ts';
import { invalid } from './world.ts';

/** "This parameter can only be used with confirm=true" (PaymentIntentCreateParams.off_session and return_url). */
export function checkConfirming(params: Params): void {
  if (flag(params['confirm'])) return;
  for (const name of ['off_session', 'return_url'])
    if (name in params) throw invalid(`\`${name}\` can only be used with confirm=true`, name);
}

/** Which types an intent takes: those that it names, else all that the account has switched on, those with redirects too. */
export function applyTypes(intent: Stripe.PaymentIntent, params: Params): void {
  const allowed = list(params['allowed_payment_method_types']).filter((each) => typeof each === 'string');
  if (allowed.length > 0) {
    intent.allowed_payment_method_types = allowed as Stripe.PaymentIntent.AllowedPaymentMethodType[];
    intent.payment_method_types = allowed;
  }
  const automatic = record(params['automatic_payment_methods']);
  if (text(automatic['enabled']) === 'true')
    intent.automatic_payment_methods = {
      enabled: true,
      allow_redirects: (text(automatic['allow_redirects']) ?? 'always') as 'always',
    };
}

/**
 * "To confirm this PaymentIntent, you may be required to provide a return_url" (automatic_payment_methods.allow_redirects, whose default is
 * `always`): here it is required wherever redirects are on, which is what integrations report (stripe/stripe-node#1800 and its like).
 * With `never` no address to come back to is taken.
 */
export function checkTypes(intent: Stripe.PaymentIntent, type: string, returnUrl: string | undefined): void {
  const redirects = intent.automatic_payment_methods?.allow_redirects;
  if (redirects === 'never' && returnUrl !== undefined)
    throw invalid('return_url cannot be given where no redirects are allowed', 'return_url');
  if (intent.allowed_payment_method_types === null && redirects !== 'never' && returnUrl === undefined)
    throw invalid(
      'This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`.',
      'return_url',
    );
  if (!intent.payment_method_types.includes(type))
    throw invalid(
      `The payment method type ${type} is not among those of this PaymentIntent`,
      'payment_method',
    );
}
