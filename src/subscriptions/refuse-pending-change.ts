import { Failure } from '../domain/failure.ts';
import type { LiveSubscription } from './live-subscription.ts';

/** Refuses to move the period's end while a change of plan is scheduled for an instant, since one of the two could not be kept. */
export function refusePendingChange({ customer, plan, pendingPlan, pendingAt }: LiveSubscription): void {
  if (!pendingAt) return;
  throw new Failure(
    'refused',
    `The subscription of ${customer} to ${plan} becomes ${pendingPlan} at ${pendingAt.toISOString()}`,
    {
      hint: `Cancel that change first: subctl assign ${customer} ${plan}`,
    },
  );
}
