import { Failure } from '../../domain/failure.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { stripeEvents } from './events-spec.ts';

export type EventsInput = InputOf<typeof stripeEvents>;

const actions = {
  list: async () => (await import('./list-events.ts')).run,
  show: async () => (await import('./show-event.ts')).run,
  retry: async () => (await import('./retry-events.ts')).run,
  replay: async () => (await import('./replay-events.ts')).run,
};

/** Does with the webhooks what was said; what does not go with it is refused. */
export async function run(context: Context, input: EventsInput): Promise<Outcome> {
  const { action = 'list', event, since } = input;
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
