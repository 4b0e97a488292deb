import type Stripe from 'stripe';
import type { Decline } from './gateway.ts';

/** Decline codes after which the same method can never succeed: the card is gone, or its bank or owner refused permanently. */
const hard = new Set([
  'card_not_supported',
  'currency_not_supported',
  'expired_card',
  'fraudulent',
  'incorrect_address',
  'incorrect_cvc',
  'incorrect_number',
  'incorrect_zip',
  'invalid_account',
  'invalid_cvc',
  'invalid_expiry_month',
  'invalid_expiry_year',
  'invalid_number',
  'lost_card',
  'merchant_blacklist',
  'new_account_information_available',
  'no_payment_method',
  'pickup_card',
  'restricted_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'security_violation',
  'stolen_card',
  'stop_payment_order',
  'transaction_not_allowed',
]);

/** Reads a decline of Stripe. Its advice, where it gives one, outranks the bank's code. */
export function declineOf(error: Stripe.PaymentIntent.LastPaymentError | null): Decline {
  const code = error?.decline_code ?? error?.code ?? 'no_payment_method';
  const isHard =
    error?.advice_code === 'do_not_try_again' || (error?.advice_code !== 'try_again_later' && hard.has(code));
  return {
    status: 'declined',
    decline: isHard ? 'hard' : 'soft',
    code,
    message: error?.message ?? 'There is no saved payment method',
  };
}

/** The bank requires the customer's confirmation. */
export function wantsAuthentication(error: Stripe.PaymentIntent.LastPaymentError | null): boolean {
  return error?.code === 'authentication_required' || error?.decline_code === 'authentication_required';
}
