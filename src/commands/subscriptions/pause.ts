import { pauseSubscription as pause } from '../../subscriptions/pause.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import type { pauseSubscription } from './life-spec.ts';
import { say } from './say.ts';

/** Pauses, and says what the clock does. */
export async function run(context: Context, input: InputOf<typeof pauseSubscription>): Promise<Outcome> {
  const { customer, until, clock = 'stops' } = input;
  const asked = { customer, clock, until };
  const request = { action: 'subscriptions pause', asked: { ...asked, clock: input.clock } };
  const owned = await atStripe(
    context,
    { ...request, customer },
    { kind: 'pause', clock: input.clock, until: input.until },
  );
  if (owned) return owned;
  const done = await write(context, { action: 'subscriptions pause', asked }, (tx, change) =>
    pause(tx, change, asked),
  );
  return say(context, done);
}
