import { type Loading, command } from '../command.ts';

export const stripeEvents = command({
  path: 'stripe events',
  summary: 'List, show, retry or fetch again the webhooks of Stripe',
  description: `list (the usual): the webhooks that came, the newest first.
show EVENT: one as it came, and what became of it.
retry [EVENT]: process what waits or failed, now. A webhook that failed is tried again after 1, 5, 30 minutes, 2, 8 and 24 hours, and then waits for this.
replay --since TIME: fetch events from Stripe, which keeps them 30 days, and process those that never came; for an endpoint that was down. What is older: subctl stripe reconcile.`,
  group: 'money',
  rows: true,
  writes: true,
  asOf: true,
  exits: [3, 4, 7],
  arguments: [
    {
      name: 'action',
      optional: true,
      kind: 'choice',
      choices: ['list', 'show', 'retry', 'replay'],
      about: 'list, show, retry or replay',
    },
    { name: 'event', optional: true, about: 'its id at Stripe: evt_…' },
  ],
  options: [
    {
      flag: '--status',
      value: 'status',
      kind: 'choice',
      choices: ['received', 'processed', 'ignored', 'failed'],
      many: true,
      about: 'list only those in this state; may be given several times',
    },
    {
      flag: '--type',
      value: 'type',
      many: true,
      about: 'only those of this type, invoice.paid; several times',
    },
    { flag: '--customer', value: 'customer', about: 'list only those about this customer' },
    { flag: '--since', value: 'time', kind: 'instant', about: 'replay from when on' },
    {
      flag: '--limit',
      value: 'number',
      kind: 'integer',
      min: 1,
      max: 100_000,
      default: 50,
      about: 'list how many at most (50)',
    },
  ],
  examples: [
    { command: 'subctl stripe events list --status failed', about: 'what could not be processed, and why' },
    { command: 'subctl stripe events retry', about: 'try all of it again' },
    { command: 'subctl stripe events replay --since 2026-01-31T22:00Z --dry-run', about: 'what never came' },
  ],
  load: (): Loading => import('./events.ts'),
});
