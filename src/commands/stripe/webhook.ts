import { inDryRun } from '../../database/dry-run.ts';
import { findEvent } from '../../stripe-sync/events.ts';
import { receiveEvent } from '../../stripe-sync/inbox.ts';
import { readWebhook } from '../../payments/stripe-webhook.ts';
import { isLiveKey } from '../../payments/stripe-key.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { changeOutcome } from '../subscriptions/change-outcome.ts';
import { readBody } from './read-body.ts';
import { processNow } from './process.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl stripe webhook --file event.json --signature t=1767225600,v1=5257a8', 'process a saved webhook'],
    [
      'subctl stripe webhook --file - --signature t=1767225600,v1=5257a8 --store-only',
      'store a webhook from standard input',
    ],
  ],
  exits: [3, 4, 7],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'For applications that receive webhooks themselves; subctl serve also receives them. The body ' +
      'must be the exact bytes received, with the Stripe-Signature header of the request. Both are ' +
      'verified with STRIPE_WEBHOOK_SECRET. Separate several secrets by commas during a rotation. An ' +
      'event that was already received is not processed twice.',
  )
  .option('--file <file>', 'file with the body (default: standard input)')
  .requiredOption('--signature <header>', 'value of the Stripe-Signature header: t=…,v1=…')
  .option('--store-only', 'store the event and leave processing to the next run', false);

/** Verifies, stores and processes a webhook, as the server does for webhooks over HTTP. */
export async function run(
  context: Context,
  { file = '-', signature, storeOnly }: Options<typeof command>,
): Promise<Outcome> {
  const { stripe } = await context.settings();
  const body = await readBody(context, file);
  const now = await context.now();
  const event = readWebhook(
    { body, signature },
    { secrets: stripe.webhookSecrets, live: isLiveKey(stripe.secretKey), now },
  );
  const connection = await context.database();
  const isNew = await inDryRun(
    connection,
    (tx) => receiveEvent(tx, event, now),
    () => context.dryRun,
  );
  const before = isNew ? undefined : await findEvent(connection, event.id);
  const record = { id: event.id, type: event.type, new: isNew };
  if (before && /^(processed|ignored)$/.test(before.status))
    return changeOutcome(context, {
      ...record,
      status: before.status,
      customer: before.customer,
      sentence: `Nothing to do: ${event.id} was already ${before.status}`,
    });
  if (storeOnly || context.dryRun)
    return changeOutcome(context, {
      ...record,
      status: 'received',
      customer: null,
      sentence: `${event.id} (${event.type}) is valid and pending`,
    });
  const [done] = await processNow(context, { action: 'stripe webhook', ids: [event.id] });
  const { status = 'failed', customer = null, note = 'it waits for its next attempt' } = done ?? {};
  const sentence = `${event.id} (${event.type}) is ${status}${note ? `: ${note}` : ''}`;
  return {
    ...changeOutcome(context, { ...record, status, customer, note, sentence }),
    ...(status === 'failed' && { exit: 'incomplete' as const }),
  };
}
