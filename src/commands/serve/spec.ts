import { type Loading, command } from '../command.ts';

export const serve = command({
  path: 'serve',
  summary: 'Receive the webhooks of Stripe over HTTP, and process them',
  description:
    'Answers POST /stripe/webhook: checks the signature over the raw body with STRIPE_WEBHOOK_SECRET (several, with commas, while it is rotated), keeps the event, and answers at once; what it means is worked out afterwards, and what fails is tried again. At most 256 KiB a body. It listens on this machine only unless told otherwise: put your web server with its certificate in front of it. SIGTERM ends it when the work at hand is done.',
  group: 'work',
  writes: true,
  asOf: true,
  options: [
    {
      flag: '--listen',
      value: 'address',
      default: '127.0.0.1:8788',
      about: 'host:port to listen at (127.0.0.1:8788)',
    },
  ],
  examples: [
    { command: 'subctl serve', about: 'behind a web server on this machine' },
    { command: 'subctl serve --listen 0.0.0.0:8788', about: 'in a container' },
  ],
  load: (): Loading => import('./serve.ts'),
});
