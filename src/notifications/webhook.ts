import { createHmac } from 'node:crypto';
import { Failure } from '../domain/failure.ts';
import type { Channel } from './notification.ts';

export interface WebhookEndpoint {
  url: string;
  /** signs the body, so that the receiver can verify the sender */
  secret: string;
  /** the time, for the signature */
  clock: () => Date;
}

const timeoutMs = 10_000;

/**
 * Sends a POST of JSON: `{"id","kind","customer","at","subject","text","fields"}`. The header `Subctl-Signature: t=SECONDS,v1=HEX` is the
 * HMAC-SHA256 of `SECONDS.BODY` under the secret. The id is the same when it is sent again, so that a receiver can ignore duplicates. Any
 * answer but 2xx is tried again.
 */
export function openWebhook({ url, secret, clock }: WebhookEndpoint): Channel {
  return {
    name: 'webhook',
    async send({ id, kind, customer, at, fields }, { subject, text }) {
      const body = JSON.stringify({ id, kind, customer, at: at.toISOString(), subject, text, fields });
      const signature = signBody(body, { secret, at: clock() });
      let status: number;
      try {
        const answer = await fetch(url, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', 'subctl-signature': signature, 'subctl-id': id },
          signal: AbortSignal.timeout(timeoutMs),
          redirect: 'error',
        });
        await answer.body?.cancel();
        status = answer.status;
      } catch (error) {
        throw new Failure('unavailable', `The webhook does not answer: ${causeOf(error)}`, { cause: error });
      }
      if (status < 200 || status > 299) throw new Failure('unavailable', `The webhook answered ${status}`);
    },
    close: () => Promise.resolve(),
  };
}

/** The header that signs a body: `t=…,v1=…`. */
export function signBody(body: string, { secret, at }: { secret: string; at: Date }): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

function causeOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : (cause?.code ?? message);
}
