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
    ['subctl subscriptions seats acme 12', 'acme has twelve from now on'],
    ['subctl subscriptions seats acme 12 --dry-run', 'what it would come to'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Of a plan that is sold by the seat. More are there now, and an invoice asks for the rest of the ' +
      'period by days; with collection by charge the money comes first, and declined everything is as ' +
      'it was. Fewer are from the next period on: until then what was paid for stays, and taking a seat ' +
      'again in the same period costs nothing. Fewer than there are people is refused, with their ' +
      'names. The credits of a period are sized when it begins.\n\n' +
      'A subscription that Stripe owns is changed there: more are charged at once, and fewer hold at ' +
      'once, for Stripe keeps no seats until the period ends; nothing is paid back.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<seats>', 'how many in all', integer({ min: 1, max: 1_000_000 }));

/** Changes the seats; where they are charged, the money comes first. */
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
