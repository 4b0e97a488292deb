import Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import { limitedClient } from './stripe-http.ts';
import { failureOf } from './stripe-failure.ts';

export interface StripeSettings {
  secretKey: string | undefined;
  /** another address than https://api.stripe.com */
  apiUrl?: string | undefined;
  /** maximum requests a second; by default Stripe's limit for such a key, less a fifth */
  perSecond?: number | undefined;
  /** milliseconds until a request times out */
  timeoutMs?: number | undefined;
}

/** A Stripe account. All requests use `ask` or `pages`, so that every error is a Failure. */
export interface StripeAccount {
  readonly client: Stripe;
  /** whether the key moves real money */
  readonly live: boolean;
  /** @throws Failure, see stripe-failure.ts */
  ask<T>(work: (client: Stripe) => Promise<T>): Promise<T>;
  /** All objects of a list; pages are fetched as they are needed. */
  pages<T>(list: (client: Stripe) => AsyncIterable<T>): AsyncGenerator<T>;
}

/**
 * Opens the Stripe account of a secret or restricted key. Sends nothing yet. Requests are repeated twice after a broken connection or an
 * error of Stripe, each with the same idempotency key, and stay within Stripe's rate limit.
 * @throws Failure config without a key, with one of another kind, or where the key would be sent unencrypted
 */
export function openStripe({
  secretKey,
  apiUrl,
  perSecond,
  timeoutMs = 30_000,
}: StripeSettings): StripeAccount {
  const live = checkKey(secretKey);
  const client = new Stripe(secretKey!, {
    ...placeOf(apiUrl),
    httpClient: limitedClient({ perSecond: perSecond ?? (live ? 80 : 20), inFlight: 20 }),
    maxNetworkRetries: 2,
    timeout: timeoutMs,
    telemetry: false,
    appInfo: { name: 'subctl' },
  });
  return {
    client,
    live,
    async ask(work) {
      try {
        return await work(client);
      } catch (error) {
        throw failureOf(error);
      }
    },
    async *pages(list) {
      try {
        yield* list(client);
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

function checkKey(key: string | undefined): boolean {
  if (!key) {
    throw new Failure('config', 'There is no Stripe key', {
      hint: 'set STRIPE_SECRET_KEY or STRIPE_SECRET_KEY_FILE',
    });
  }
  const form = /^(?:sk|rk)_(live|test)_\w+$/.exec(key);
  if (form) return form[1] === 'live';
  const kind = /^([a-z]+)_/.exec(key)?.[1];
  throw new Failure(
    'config',
    `STRIPE_SECRET_KEY is not a secret key of Stripe${kind ? `: it begins with ${kind}_` : ''}`,
    {
      hint: 'use one that begins with sk_live_, rk_live_, sk_test_ or rk_test_',
    },
  );
}

function placeOf(apiUrl: string | undefined): { host?: string; port?: string; protocol?: 'http' | 'https' } {
  if (!apiUrl) return {};
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  const isLoopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url?.hostname ?? '');
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) {
    throw new Failure('config', `STRIPE_API_URL '${apiUrl}' is neither https:// nor on this machine`, {
      hint: 'remove it to use https://api.stripe.com',
    });
  }
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return { protocol, host: url.hostname, port: url.port || (protocol === 'https' ? '443' : '80') };
}
