import { cancelSubscription as cancel } from '../../subscriptions/cancel.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions cancel ann', 'ann keeps the plan until the period ends'],
    ['subctl subscriptions cancel ann --now --yes --reason "asked for it"', 'at once, without a question'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Until the end everything stays as it is; to take the cancellation back, assign the same plan ' +
      'again. With --now access ends at once, the plan’s credits too, and nothing is paid back. Then ' +
      'the plan’s fallback begins, where it has one.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--now', 'end it now', false);

/** Cancels, after a question when it is at once. */
export async function run(
  context: Context,
  customer: string,
  { now: atOnce }: Options<typeof command>,
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
