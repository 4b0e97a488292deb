import { reactivateSubscription as reactivate } from '../../subscriptions/reactivate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { changeOutcome } from './change-outcome.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions reactivate ann', 'ann stays'],
    ['subctl subscriptions reactivate ann --reason "changed her mind"', 'with a reason for the audit'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Until that end nothing has happened yet, and it renews as before. After it the subscription is ' +
      'over: assign the plan again.',
  )
  .argument('<customer>', 'id of the customer');

/** Takes a cancellation back. */
export async function run(context: Context, customer: string): Promise<Outcome> {
  const request = { action: 'subscriptions reactivate', asked: { customer } };
  const owned = await atStripe(context, { ...request, customer }, { kind: 'reactivate' });
  if (owned) return owned;
  const done = await write(
    context,
    { action: 'subscriptions reactivate', asked: { customer } },
    (tx, change) => reactivate(tx, change, customer),
  );
  return changeOutcome(context, done);
}
