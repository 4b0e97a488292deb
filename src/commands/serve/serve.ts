import { packageVersion } from '../../config/package-root.ts';
import { Failure } from '../../domain/failure.ts';
import { openApiDocument } from '../../http/api/document.ts';
import { apiRoutes } from '../../http/api/routes.ts';
import { healthRoutes } from '../../http/health.ts';
import { startServer } from '../../http/server.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { loadAhead } from './load-ahead.ts';
import { openApi } from './open-api.ts';
import { openLogs } from './open-logs.ts';
import { openWebhooks } from './open-webhooks.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { duration } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl serve', 'behind a reverse proxy on this machine'],
    ['subctl serve --listen 0.0.0.0:8788 --behind-proxy', 'in a container'],
    ['subctl serve --openapi > openapi.json', 'to generate a client'],
  ],
  asOf: true,
  writes: true,
  connections: 10,
  onSignal: 'stops',
})
  .description(
    'Serves the API under /v1 for applications in any language: check, record, reserve, settle, ' +
      'release, usage, features, plans, alerts, checkout. Applications authenticate with a token ' +
      '(subctl tokens create). /docs has the documentation, /openapi.json the OpenAPI document, ' +
      '/healthz and /readyz the health checks.\n\nPOST /stripe/webhook is available if ' +
      'STRIPE_WEBHOOK_SECRET is set. Separate several secrets by commas during a rotation. The server ' +
      'verifies the signature over the raw body, stores the event and answers at once. Events are ' +
      'processed afterwards; failures are retried.\n\nBy default the server listens on this machine ' +
      'only. Put a reverse proxy with TLS in front of it. SIGTERM stops it after running requests ' +
      'finish.',
  )
  .option('--listen <address>', 'host:port to listen on', '127.0.0.1:8788')
  .option('--behind-proxy', 'read client addresses from the last entry of X-Forwarded-For', false)
  .option('--timeout <time>', 'time limit of a request; after it the answer is 503', duration, 30)
  .addOption(
    new Option(
      '--log-format <format>',
      'request log on stderr (default: none on a terminal, else json)',
    ).choices(['json', 'text', 'none']),
  )
  .option('--openapi', 'print the OpenAPI document and serve nothing', false);

/** Serves until a signal arrives, then finishes running requests. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome | void> {
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
      ? `Stripe webhooks are received at ${server.url}/stripe/webhook`
      : 'Stripe webhooks are not received: STRIPE_WEBHOOK_SECRET is not set',
  );
  context.note(`The API is at ${server.url}/v1, its documentation at ${server.url}/docs`);
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
  throw new Failure('usage', `The address '${text}' is not host:port`, {
    hint: 'Give an address such as 127.0.0.1:8788',
  });
}
