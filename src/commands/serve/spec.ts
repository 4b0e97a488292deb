import { type Loading, command } from '../command.ts';

export const serve = command({
  path: 'serve',
  summary: 'Serve the JSON API for applications, and take in the webhooks of Stripe',
  description: `Answers applications in any language under /v1 with what the SQL functions say: check, record, reserve, settle, release, usage, features, plans, alerts, checkout. They send a token (subctl tokens create). /docs explains it all, /openapi.json is for programs, /healthz and /readyz for whoever watches.

POST /stripe/webhook is there where STRIPE_WEBHOOK_SECRET is set (several, with commas, while it is rotated): it checks the signature over the raw body, keeps the event, and answers at once; what it means is worked out afterwards, and what fails is tried again.

It listens on this machine only unless told otherwise: put your web server with its certificate in front of it. SIGTERM ends it when the work at hand is done.`,
  group: 'work',
  writes: true,
  onSignal: 'stops',
  asOf: true,
  connections: 10,
  options: [
    {
      flag: '--listen',
      value: 'address',
      default: '127.0.0.1:8788',
      about: 'host:port to listen at (127.0.0.1:8788)',
    },
    {
      flag: '--behind-proxy',
      about: 'take the address of callers from the last entry of X-Forwarded-For, which your web server adds',
    },
    {
      flag: '--timeout',
      value: 'time',
      kind: 'duration',
      default: 30,
      about: 'how long one request may take, 30s unless said; then it is answered 503',
    },
    {
      flag: '--log-format',
      value: 'format',
      kind: 'choice',
      choices: ['json', 'text', 'none'],
      about: 'a line for each request, for machines or for people (none on a terminal, else json)',
    },
    { flag: '--openapi', about: 'print the OpenAPI document and serve nothing' },
  ],
  examples: [
    { command: 'subctl serve', about: 'behind a web server on this machine' },
    { command: 'subctl serve --listen 0.0.0.0:8788 --behind-proxy', about: 'in a container' },
    { command: 'subctl serve --openapi > openapi.json', about: 'to make a client from' },
  ],
  load: (): Loading => import('./serve.ts'),
});
