import { reactivateSubscription as reactivate } from '../../subscriptions/reactivate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { changeOutcome } from './change-outcome.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions reactivate ann', 'undo the cancellation of ann'],
    ['subctl subscriptions reactivate ann --reason "changed her mind"', 'record a reason in the audit log'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Works until the end of the period; the subscription then renews as before. After that the ' +
      'subscription has ended: assign the plan again.',
  )
  .argument('<customer>', 'id of the customer');

/** Undoes a pending cancellation. */
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
