import { resumeSubscription as resume } from '../../subscriptions/resume.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { atStripe } from '../stripe/at-stripe.ts';
import { write } from '../write.ts';
import type { resumeSubscription } from './life-spec.ts';
import { say } from './say.ts';

/** Resumes. */
export async function run(
  context: Context,
  { customer }: InputOf<typeof resumeSubscription>,
): Promise<Outcome> {
  const request = { action: 'subscriptions resume', asked: { customer } };
  const owned = await atStripe(context, { ...request, customer }, { kind: 'resume' });
  if (owned) return owned;
  const done = await write(context, { action: 'subscriptions resume', asked: { customer } }, (tx, change) =>
    resume(tx, change, customer),
  );
  return say(context, done);
}
