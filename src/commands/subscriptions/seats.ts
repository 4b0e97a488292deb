import { getLiveSubscription } from '../../subscriptions/lock-live-subscription.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { buy } from '../assign/buy.ts';
import { outcomeOf } from '../assign/outcome-of.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions seats acme 12', 'set acme to twelve seats'],
    ['subctl subscriptions seats acme 12 --dry-run', 'preview the charge'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'For plans with a price per seat. Added seats are available at once, and an invoice charges them ' +
      'for the rest of the period by days. With collection by charge the payment comes first; if it is ' +
      'declined nothing changes.\n\nRemoved seats end with the current period, without a refund. Adding ' +
      'them back in the same period is free. A number below the number of members is refused, with ' +
      'their names. Credits follow the number of seats at the start of a period.\n\nSeats of a ' +
      'subscription that Stripe owns change at Stripe. Added seats are charged at once. Removed seats ' +
      'end at once, without a refund, since Stripe does not keep seats until the end of a period.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<seats>', 'total number of seats', integer({ min: 1, max: 1_000_000 }));

/** Changes the number of seats. With collection by charge, the payment comes first. */
export async function run(context: Context, customer: string, seats: number): Promise<Outcome> {
  const asked = { customer, seats };
  const owned = await atStripe(
    context,
    { action: 'subscriptions seats', asked, customer },
    { kind: 'seats', seats },
  );
  if (owned) return owned;
  const { plan } = await getLiveSubscription(await context.database(), customer);
  const done = await buy(context, { customer, plan, seats, seatsOnly: true }, 'subscriptions seats');
  const { sentence, ...record } = done;
  context.note(`${sentence}${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return outcomeOf(record);
}
