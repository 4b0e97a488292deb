import { getHead } from '../../subscriptions/take-head.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { buy } from '../assign/buy.ts';
import { outcomeOf } from '../assign/outcome-of.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import type { seatSubscription } from './life-spec.ts';

/** Changes the seats; where they are charged, the money comes first. */
export async function run(
  context: Context,
  { customer, seats }: InputOf<typeof seatSubscription>,
): Promise<Outcome> {
  const asked = { customer, seats };
  const owned = await atStripe(
    context,
    { action: 'subscriptions seats', asked, customer },
    { kind: 'seats', seats },
  );
  if (owned) return owned;
  const { plan } = await getHead(await context.database(), customer);
  const done = await buy(context, { customer, plan, seats, seatsOnly: true }, 'subscriptions seats');
  const { sentence, ...record } = done;
  context.note(`${sentence}${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return outcomeOf(record);
}
