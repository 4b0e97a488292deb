import { reactivateSubscription as reactivate } from '../../subscriptions/reactivate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import type { reactivateSubscription } from './life-spec.ts';
import { say } from './say.ts';

/** Takes a cancellation back. */
export async function run(
  context: Context,
  { customer }: InputOf<typeof reactivateSubscription>,
): Promise<Outcome> {
  const request = { action: 'subscriptions reactivate', asked: { customer } };
  const owned = await atStripe(context, { ...request, customer }, { kind: 'reactivate' });
  if (owned) return owned;
  const done = await write(
    context,
    { action: 'subscriptions reactivate', asked: { customer } },
    (tx, change) => reactivate(tx, change, customer),
  );
  return say(context, done);
}
