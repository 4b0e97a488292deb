import { inRehearsal } from '../../database/rehearse.ts';
import { findEvent } from '../../mirror/events.ts';
import { receiveEvent } from '../../mirror/inbox.ts';
import { readWebhook } from '../../payments/stripe-webhook.ts';
import { isLiveKey } from '../../payments/stripe-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { say } from '../subscriptions/say.ts';
import { readBody } from './read-body.ts';
import { processNow } from './process.ts';
import type { webhook } from './spec.ts';

/** Checks a webhook, keeps it, and processes it: what the server does with one that comes over the network. */
export async function run(
  context: Context,
  { file = '-', signature, storeOnly }: InputOf<typeof webhook>,
): Promise<Outcome> {
  const { stripe } = await context.settings();
  const body = await readBody(context, file);
  const now = await context.now();
  const event = readWebhook(
    { body, signature },
    { secrets: stripe.webhookSecrets, live: isLiveKey(stripe.secretKey), now },
  );
  const connection = await context.database();
  const isNew = await inRehearsal(
    connection,
    (tx) => receiveEvent(tx, event, now),
    () => context.dryRun,
  );
  const before = isNew ? undefined : await findEvent(connection, event.id);
  const record = { id: event.id, type: event.type, new: isNew };
  if (before && /^(processed|ignored)$/.test(before.status))
    return say(context, {
      ...record,
      status: before.status,
      customer: before.customer,
      sentence: `Nothing to do: ${event.id} was already ${before.status}`,
    });
  if (storeOnly || context.dryRun)
    return say(context, {
      ...record,
      status: 'received',
      customer: null,
      sentence: `${event.id} (${event.type}) is good and waits to be processed`,
    });
  const [done] = await processNow(context, { action: 'stripe webhook', ids: [event.id] });
  const { status = 'failed', customer = null, note = 'it waits for its next try' } = done ?? {};
  const sentence = `${event.id} (${event.type}) is ${status}${note ? `: ${note}` : ''}`;
  return {
    ...say(context, { ...record, status, customer, note, sentence }),
    ...(status === 'failed' && { exit: 'incomplete' as const }),
  };
}
