import { resumeSubscription as resume } from '../../subscriptions/resume.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { changeOutcome } from './change-outcome.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions resume ann', 'ann has her plan again'],
    ['subctl subscriptions resume ann --dry-run --json', 'until when it would last'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Access is back at once. Where the clock stood still the period’s end moves by the time of the ' +
      'pause, and coming periods are counted from there. Where it ran and the period is over, a new one ' +
      'begins now and is charged as a renewal is.',
  )
  .argument('<customer>', 'id of the customer');

/** Resumes. */
export async function run(context: Context, customer: string): Promise<Outcome> {
  const request = { action: 'subscriptions resume', asked: { customer } };
  const owned = await atStripe(context, { ...request, customer }, { kind: 'resume' });
  if (owned) return owned;
  const done = await write(context, { action: 'subscriptions resume', asked: { customer } }, (tx, change) =>
    resume(tx, change, customer),
  );
  return changeOutcome(context, done);
}
