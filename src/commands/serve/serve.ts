import { recordChange } from '../../database/change.ts';
import { inTransaction } from '../../database/transaction.ts';
import { Failure } from '../../domain/failure.ts';
import { startServer } from '../../http/server.ts';
import { webhookRoutes } from '../../http/webhook.ts';
import { startProcessor } from '../../mirror/processor.ts';
import { isLiveKey } from '../../payments/stripe-key.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { serve } from './spec.ts';

/** Serves until it is told to stop; the work at hand is finished. */
export async function run(context: Context, { listen }: InputOf<typeof serve>): Promise<void> {
  const { stripe } = await context.settings();
  if (stripe.webhookSecrets.length === 0)
    throw new Failure('config', 'There is no secret to check webhooks of Stripe with', {
      hint: 'set STRIPE_WEBHOOK_SECRET or STRIPE_WEBHOOK_SECRET_FILE',
    });
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
  const { host, port } = readAddress(listen);
  const server = await startServer({
    host,
    port,
    routes: [routes],
    onBug: (error) => context.note(`A webhook failed: ${(error as Error).message}`),
  });
  context.note(`Listening at ${server.url}/stripe/webhook`);
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    else context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  await processor.stop();
}

function readAddress(text: string): { host: string; port: number } {
  const found = /^(?:\[([\da-f:]+)\]|([^:\s]+)):(\d{1,5})$/i.exec(text);
  const port = parseInt(found?.[3] ?? '', 10);
  if (found && port <= 65_535) return { host: found[1] ?? found[2]!, port };
  throw new Failure('usage', `The address '${text}' is not host:port`, { hint: 'Give 127.0.0.1:8788' });
}
