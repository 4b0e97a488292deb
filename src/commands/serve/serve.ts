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
    ['subctl serve', 'behind a web server on this machine'],
    ['subctl serve --listen 0.0.0.0:8788 --behind-proxy', 'in a container'],
    ['subctl serve --openapi > openapi.json', 'to make a client from'],
  ],
  asOf: true,
  writes: true,
  connections: 10,
  onSignal: 'stops',
})
  .description(
    'Answers applications in any language under /v1 with what the SQL functions say: check, record, ' +
      'reserve, settle, release, usage, features, plans, alerts, checkout. They send a token (subctl ' +
      'tokens create). /docs explains it all, /openapi.json is for programs, /healthz and /readyz for ' +
      'whoever watches.\n\n' +
      'POST /stripe/webhook is there where STRIPE_WEBHOOK_SECRET is set (several, with commas, while it ' +
      'is rotated): it checks the signature over the raw body, keeps the event, and answers at once; ' +
      'what it means is worked out afterwards, and what fails is tried again.\n\n' +
      'It listens on this machine only unless told otherwise: put your web server with its certificate ' +
      'in front of it. SIGTERM ends it when the work at hand is done.',
  )
  .option('--listen <address>', 'host:port to listen at (127.0.0.1:8788)', '127.0.0.1:8788')
  .option(
    '--behind-proxy',
    'take the address of callers from the last entry of X-Forwarded-For, which your web server adds',
    false,
  )
  .option(
    '--timeout <time>',
    'how long one request may take, 30s unless said; then it is answered 503',
    duration,
    30,
  )
  .addOption(
    new Option(
      '--log-format <format>',
      'a line for each request, for machines or for people (none on a terminal, else json)',
    ).choices(['json', 'text', 'none']),
  )
  .option('--openapi', 'print the OpenAPI document and serve nothing', false);

/** Serves until it is told to stop; the work at hand is finished. */
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
