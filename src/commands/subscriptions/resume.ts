import { resumeSubscription as resume } from '../../subscriptions/resume.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import { changeOutcome } from './change-outcome.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl subscriptions resume ann', 'restore access for ann'],
    ['subctl subscriptions resume ann --dry-run --json', 'preview the new end of the period'],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Access is restored at once. If the clock was stopped, the end of the period moves by the length ' +
      'of the pause, and later periods are counted from it. If the clock ran and the period has ended, ' +
      'a new period starts now and is charged like a renewal.',
  )
  .argument('<customer>', 'id of the customer');

/** Resumes a paused subscription. */
export async function run(context: Context, customer: string): Promise<Outcome> {
  const request = { action: 'subscriptions resume', asked: { customer } };
  const owned = await atStripe(context, { ...request, customer }, { kind: 'resume' });
  if (owned) return owned;
  const done = await write(context, { action: 'subscriptions resume', asked: { customer } }, (tx, change) =>
    resume(tx, change, customer),
  );
  return changeOutcome(context, done);
}
