import type { Hono } from 'hono';
import type { Connection } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { receiveEvent } from '../stripe-sync/inbox.ts';
import { whole } from './read-body.ts';
import { readWebhook, webhookLimit } from '../payments/stripe-webhook.ts';

export interface WebhookSource {
  connection: Connection;
  secrets: readonly string[];
  /** the account's key moves real money */
  live: boolean;
  now: () => Promise<Date>;
  /** told of each event that is new, after it was answered: somebody should process what waits */
  wake: () => void;
}

/**
 * `POST /stripe/webhook`: checks the signature over the raw body, keeps the event, and answers; Stripe waits a few seconds at most and
 * sends again otherwise. What it means is worked out afterwards. The same event again is answered the same way and kept once (N7).
 */
export function webhookRoutes({ connection, secrets, live, now, wake }: WebhookSource): (app: Hono) => void {
  return (app) => {
    app.post('/stripe/webhook', async (context) => {
      const body = await readBody(context.req.raw);
      const signature = context.req.header('stripe-signature');
      const at = await now();
      const event = readWebhook({ body, signature }, { secrets, live, now: at });
      const isNew = await receiveEvent(connection, event, at);
      if (isNew) wake();
      return context.json({ received: event.id, new: isNew });
    });
  };
}

/** Reads no more than may come: a body that is larger is refused while it is still on its way. */
async function readBody(request: Request): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of whole(request.body as unknown as AsyncIterable<Uint8Array>)) {
    size += chunk.length;
    if (size > webhookLimit) throw new Failure('usage', `The webhook has more than ${webhookLimit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
