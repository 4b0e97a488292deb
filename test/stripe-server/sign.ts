import { createHmac } from 'node:crypto';
import type Stripe from 'stripe';

/** The header that Stripe sends with a webhook: HMAC-SHA256 of `time.body`, once for each secret that is valid. */
export function signature(body: string, at: Date | number, ...secrets: string[]): string {
  const time = typeof at === 'number' ? at : Math.floor(at.getTime() / 1000);
  const signs = secrets.map(
    (secret) => `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`,
  );
  return [`t=${time}`, ...signs].join(',');
}

/** The body of a webhook, as Stripe writes it. */
export const bodyOf = (event: Stripe.Event): string => JSON.stringify(event, null, 2);
