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
    ['subctl subscriptions pause ann', 'pause until resumed; the paid time is kept'],
    [
      'subctl subscriptions pause ann --until 2099-09-01 --clock runs --dry-run',
      'preview a pause until September',
    ],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A paused subscription does not renew and is not charged.\n\nWith --clock stops the paid time is ' +
      'kept. On resuming, the end of the period moves by the length of the pause. Its credits and ' +
      'limits, and later periods, move with it.\n\nWith --clock runs the period ends as planned. On ' +
      'resuming after that, a renewing subscription starts a new period. A subscription that does not ' +
      'renew ends with its period.\n\nCalendar windows (day, month) continue in either case. With ' +
      '--until the subscription resumes at that time, even if no task has run.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(
    new Option(
      '--clock <what>',
      'whether paid time is kept (stops, the default) or passes (runs; always at Stripe)',
    ).choices(['stops', 'runs']),
  )
  .option('--until <time>', 'resume automatically at this time', instantAhead);

/** Pauses a subscription. */
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
