import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';
import { choice, instant, integer, many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl stripe events list --status failed', 'what could not be processed, and why'],
    ['subctl stripe events retry', 'try all of it again'],
    ['subctl stripe events replay --since 2026-01-31T22:00Z --dry-run', 'what never came'],
  ],
  exits: [3, 4, 7],
  rows: 'list',
  asOf: true,
  writes: true,
})
  .description(
    'list (the usual): the webhooks that came, the newest first.\nshow EVENT: one as it came, and what ' +
      'became of it.\nretry [EVENT]: process what waits or failed, now. A webhook that failed is tried ' +
      'again after 1, 5, 30 minutes, 2, 8 and 24 hours, and then waits for this.\nreplay --since TIME: ' +
      'fetch events from Stripe, which keeps them 30 days, and process those that never came; for an ' +
      'endpoint that was down. What is older: subctl stripe reconcile.',
  )
  .addArgument(
    new Argument('[action]', 'list, show, retry or replay').choices(['list', 'show', 'retry', 'replay']),
  )
  .argument('[event]', 'its id at Stripe: evt_…')
  .option(
    '--status <status>',
    'list only those in this state; may be given several times',
    many(choice(['received', 'processed', 'ignored', 'failed'])),
    [],
  )
  .option('--type <type>', 'only those of this type, invoice.paid; several times', many(text()), [])
  .option('--customer <customer>', 'list only those about this customer')
  .option('--since <time>', 'replay from when on', instant)
  .option('--limit <number>', 'list how many at most (50)', integer({ min: 1, max: 100_000 }), 50);

const actions = {
  list: async () => (await import('./list-events.ts')).run,
  show: async () => (await import('./show-event.ts')).run,
  retry: async () => (await import('./retry-events.ts')).run,
  replay: async () => (await import('./replay-events.ts')).run,
};

/** Does with the webhooks what was said; what does not go with it is refused. */
export async function run(
  context: Context,
  action: keyof typeof actions = 'list',
  event: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { action, event, ...options };
  const { since } = input;
  if (event !== undefined && (action === 'list' || action === 'replay'))
    throw new Failure('usage', `stripe events ${action} takes no event, and was given ${event}`, {
      hint: `subctl stripe events show ${event}`,
    });
  if (event === undefined && action === 'show')
    throw new Failure('usage', 'stripe events show needs the id of an event', {
      hint: 'subctl stripe events list',
    });
  if (since === undefined && action === 'replay')
    throw new Failure('usage', 'stripe events replay needs the time since when', {
      hint: 'subctl stripe events replay --since 2026-01-31',
    });
  return (await actions[action]())(context, input);
}
