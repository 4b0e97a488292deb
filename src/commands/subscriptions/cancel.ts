import { cancelSubscription as cancel } from '../../subscriptions/cancel.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import type { cancelSubscription } from './spec.ts';

/** Cancels, after a question when it is at once. */
export async function run(
  context: Context,
  { customer, now: atOnce }: InputOf<typeof cancelSubscription>,
): Promise<Outcome> {
  if (atOnce) await context.confirm(`End the subscription of ${customer} now? Nothing is paid back.`);
  const asked = { customer, now: atOnce };
  const owned = await atStripe(
    context,
    { action: 'subscriptions cancel', asked, customer },
    { kind: 'cancel', atOnce },
  );
  if (owned) return owned;
  const done = await write(context, { action: 'subscriptions cancel', asked }, (tx, change) =>
    cancel(tx, change, { customer, atOnce }),
  );
  const { sentence, ...record } = done;
  context.note(`${sentence}${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return { record };
}
