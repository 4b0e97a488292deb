import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { Argument } from '@commander-js/extra-typings';
import { choice, instant, integer, many, text } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl stripe events list --status failed', 'failed events with their errors'],
    ['subctl stripe events retry', 'retry all pending and failed events'],
    ['subctl stripe events replay --since 2026-01-31T22:00Z --dry-run', 'preview missing events'],
  ],
  exits: [3, 4, 7],
  rows: 'list',
  asOf: true,
  writes: true,
})
  .description(
    'list: webhook events, newest first.\n' +
      'show EVENT: one event with its payload and result.\n' +
      'retry [EVENT]: process pending and failed events now. A failed event is retried after 1, 5, 30 minutes, ' +
      '2, 8 and 24 hours, then only by this command.\n' +
      'replay --since TIME: fetch events from Stripe, which keeps them for 30 days, and process the missing ' +
      'ones, for example after an outage of the endpoint. For older ones: subctl stripe reconcile.',
  )
  .addArgument(
    new Argument('[action]', 'what to do (default: list)').choices(['list', 'show', 'retry', 'replay']),
  )
  .argument('[event]', 'event id at Stripe: evt_…')
  .option(
    '--status <status>',
    'list: only events with this status',
    many(choice(['received', 'processed', 'ignored', 'failed'])),
    [],
  )
  .option('--type <type>', 'only events of this type, such as invoice.paid', many(text()), [])
  .option('--customer <customer>', 'list: only events of this customer')
  .option('--since <time>', 'replay: start time', instant)
  .option('--limit <number>', 'list: maximum number of events', integer({ min: 1, max: 100_000 }), 50);

const actions = {
  list: async () => (await import('./list-events.ts')).run,
  show: async () => (await import('./show-event.ts')).run,
  retry: async () => (await import('./retry-events.ts')).run,
  replay: async () => (await import('./replay-events.ts')).run,
};

/** Runs the requested action. @throws Failure usage for arguments that the action does not take */
export async function run(
  context: Context,
  action: keyof typeof actions = 'list',
  event: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { action, event, ...options };
  const { since } = input;
  if (event !== undefined && (action === 'list' || action === 'replay'))
    throw new Failure('usage', `stripe events ${action} takes no event id, but got '${event}'`, {
      hint: `subctl stripe events show ${event}`,
    });
  if (event === undefined && action === 'show')
    throw new Failure('usage', 'stripe events show needs an event id', {
      hint: 'subctl stripe events list',
    });
  if (since === undefined && action === 'replay')
    throw new Failure('usage', 'stripe events replay needs --since', {
      hint: 'subctl stripe events replay --since 2026-01-31',
    });
  return (await actions[action]())(context, input);
}
