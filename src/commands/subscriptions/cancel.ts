import { cancelSubscription as cancel } from '../../subscriptions/cancel.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions cancel ann', 'cancel at the end of the period'],
    [
      'subctl subscriptions cancel ann --now --yes --reason "asked for it"',
      'cancel at once, without confirmation',
    ],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Nothing changes until the end of the period. To undo the cancellation before then: subctl ' +
      "subscriptions reactivate. With --now access and the plan's credits end at once, without a " +
      'refund. After the end the fallback plan starts, if the plan has one.',
  )
  .argument('<customer>', 'id of the customer')
  .option('--now', 'cancel immediately', false);

/** Cancels a subscription. Immediate cancellation asks for confirmation. */
export async function run(
  context: Context,
  customer: string,
  { now: atOnce }: Options<typeof command>,
): Promise<Outcome> {
  if (atOnce) await context.confirm(`Cancel the subscription of ${customer} now? Nothing is refunded.`);
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
