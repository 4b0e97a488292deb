import { packageVersion } from '../../config/package-root.ts';
import { Failure } from '../../domain/failure.ts';
import { openApiDocument } from '../../http/api/document.ts';
import { apiRoutes } from '../../http/api/routes.ts';
import { healthRoutes } from '../../http/health.ts';
import { startServer } from '../../http/server.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { loadAhead } from './load-ahead.ts';
import { openApi } from './open-api.ts';
import { openLogs } from './open-logs.ts';
import { openWebhooks } from './open-webhooks.ts';
import type { serve } from './spec.ts';

/** Serves until it is told to stop; the work at hand is finished. */
export async function run(context: Context, input: InputOf<typeof serve>): Promise<Outcome | void> {
  if (input.openapi) {
    const document = openApiDocument(packageVersion());
    return { text: `${JSON.stringify(document, null, 2)}\n`, json: document };
  }
  const { host, port } = readAddress(input.listen);
  await loadAhead(context);
  const webhooks = await openWebhooks(context);
  const api = await openApi(context, input);
  const server = await startServer({
    ...{ host, port, graceMs: 8_000 },
    routes: [...webhooks.routes, healthRoutes(api.health), apiRoutes(api.source)],
    ...openLogs(context, input.logFormat),
  });
  context.note(
    webhooks.routes.length > 0
      ? `Webhooks of Stripe are taken at ${server.url}/stripe/webhook`
      : 'Webhooks of Stripe are not taken: there is no STRIPE_WEBHOOK_SECRET',
  );
  context.note(`The API is at ${server.url}/v1, explained at ${server.url}/docs`);
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    else context.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.close();
  await webhooks.stop();
  await api.close();
}

function readAddress(text: string): { host: string; port: number } {
  const found = /^(?:\[([\da-f:]+)\]|([^:\s]+)):(\d{1,5})$/i.exec(text);
  const port = parseInt(found?.[3] ?? '', 10);
  if (found && port <= 65_535) return { host: found[1] ?? found[2]!, port };
  throw new Failure('usage', `The address '${text}' is not host:port`, { hint: 'Give 127.0.0.1:8788' });
}
