import { recordChange } from '../../database/change.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Routes } from '../../http/server.ts';
import { webhookRoutes } from '../../http/webhook.ts';
import { startProcessor } from '../../stripe-sync/processor.ts';
import { isLiveKey } from '../../payments/stripe-key.ts';
import type { Context } from '../context.ts';

/** Opens the routes and the processor for Stripe webhooks. Returns no routes if no signing secret is set. */
export async function openWebhooks(
  context: Context,
): Promise<{ routes: Routes[]; stop: () => Promise<void> }> {
  const { stripe } = await context.settings();
  if (stripe.webhookSecrets.length === 0) return { routes: [], stop: async () => undefined };
  const [connection, account, actor] = [
    await context.database(),
    await context.stripe(),
    await context.actor(),
  ];
  const processor = startProcessor(connection, account, {
    now: context.nowAgain,
    write: (work) =>
      inTransaction(connection, async (tx) =>
        work(tx, await recordChange(tx, { now: await context.nowAgain(), actor, action: 'serve' })),
      ),
    failed: (sentence) => context.note(sentence),
  });
  const routes = webhookRoutes({
    connection,
    secrets: stripe.webhookSecrets,
    live: isLiveKey(stripe.secretKey),
    now: context.nowAgain,
    wake: processor.wake,
  });
  return { routes: [routes], stop: processor.stop };
}
