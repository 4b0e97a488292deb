import { pauseSubscription as pause } from '../../subscriptions/pause.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { changeOutcome } from './change-outcome.ts';
import { type Options, verb } from '../verb.ts';
import { Option } from '@commander-js/extra-typings';
import { instantAhead } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions pause ann', 'until somebody resumes it; her time waits'],
    [
      'subctl subscriptions pause ann --until 2099-09-01 --clock runs --dry-run',
      'what a pause until September would do',
    ],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'While it is paused nothing renews and no money is asked for. With --clock stops, which is usual, ' +
      'the time that was paid for waits: on resuming, the period’s end, the credits and limits that end ' +
      'with it, and the start of coming periods move by the time of the pause. With --clock runs the ' +
      'period ends when it would have; a subscription that renews begins a new period on resuming, one ' +
      'that does not is over at its end.\n\n' +
      'Windows of the calendar (day, month) go on in either case. With --until it resumes by itself at ' +
      'that instant, whether or not a task has run.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(
    new Option(
      '--clock <what>',
      'what happens to the time that was paid for: stops (it waits, the default) or runs (it goes by; ' +
        'at Stripe always)',
    ).choices(['stops', 'runs']),
  )
  .option('--until <time>', 'it resumes by itself at this time', instantAhead);

/** Pauses, and says what the clock does. */
export async function run(
  context: Context,
  customer: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { until, clock = 'stops' } = options;
  const asked = { customer, clock, until };
  const request = { action: 'subscriptions pause', asked: { ...asked, clock: options.clock } };
  const owned = await atStripe(
    context,
    { ...request, customer },
    { kind: 'pause', clock: options.clock, until: options.until },
  );
  if (owned) return owned;
  const done = await write(context, { action: 'subscriptions pause', asked }, (tx, change) =>
    pause(tx, change, asked),
  );
  return changeOutcome(context, done);
}
