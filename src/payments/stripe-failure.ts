import Stripe from 'stripe';
import { Failure, type FailureKind } from '../domain/failure.ts';

/**
 * Converts an error of Stripe to a Failure: `unavailable` when Stripe could not be reached, was busy or failed (the request may have been
 * carried out), `config` for a wrong key or missing permissions, `not_found`, `conflict` for an idempotency key that was used for another
 * request, `refused` for a request that it does not accept. Any other error is returned unchanged. A message never contains a key.
 */
export function failureOf(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Stripe.errors.StripeError)) return error;
  const { kind, sentence, hint } = explain(error);
  return new Failure(kind, withoutKeys(sentence), {
    hint,
    cause: new Error(withoutKeys(error.message)),
    details: {
      ...(error.code && { stripe_code: error.code }),
      ...(error.requestId && { stripe_request: error.requestId }),
    },
  });
}

interface Explained {
  kind: FailureKind;
  sentence: string;
  hint?: string;
}

function explain(error: Stripe.errors.StripeError): Explained {
  const { errors } = Stripe;
  const said = error.message.replace(/\.$/, '');
  if (error instanceof errors.StripeConnectionError)
    return {
      kind: 'unavailable',
      sentence: `Stripe cannot be reached: ${reasonOf(error) ?? said}`,
      hint: 'try again; the request may have been carried out and is looked up first',
    };
  if (error instanceof errors.StripeRateLimitError)
    return {
      kind: 'unavailable',
      sentence: `Stripe's rate limit is exceeded: ${said}`,
      hint: 'try again later',
    };
  if (error instanceof errors.StripeAuthenticationError)
    return { kind: 'config', sentence: 'Stripe does not accept the key', hint: 'check STRIPE_SECRET_KEY' };
  if (error instanceof errors.StripePermissionError)
    return {
      kind: 'config',
      sentence: `The Stripe key lacks a permission: ${said}`,
      hint: 'give the restricted key more permissions in the Stripe Dashboard',
    };
  if (error instanceof errors.StripeIdempotencyError)
    return {
      kind: 'conflict',
      sentence: `Stripe had another request under the same idempotency key: ${said}`,
    };
  if (error.code === 'resource_missing')
    return { kind: 'not_found', sentence: `Stripe does not have it: ${said}` };
  if (error instanceof errors.StripeInvalidRequestError || error instanceof errors.StripeCardError)
    return { kind: 'refused', sentence: `Stripe refused: ${said}` };
  return {
    kind: 'unavailable',
    sentence: `Stripe failed: ${said}`,
    hint: 'try again; see https://status.stripe.com',
  };
}

function reasonOf({ detail }: Stripe.errors.StripeError): string | undefined {
  return detail instanceof Error ? detail.message : undefined;
}

const withoutKeys = (text: string): string =>
  text.replace(/\b((?:sk|rk)_(?:live|test)|whsec)_[A-Za-z0-9*]+/g, '$1_****');
