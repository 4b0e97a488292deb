import { Failure } from '../domain/failure.ts';
import type { LiveSubscription } from './live-subscription.ts';

/** Refuses what would move the period's end where a change of plan waits for an instant: one of the two instants would not be kept. */
export function refusePendingChange({ customer, plan, pendingPlan, pendingAt }: LiveSubscription): void {
  if (!pendingAt) return;
  throw new Failure(
    'refused',
    `The subscription of ${customer} to ${plan} becomes ${pendingPlan} at ${pendingAt.toISOString()}`,
    {
      hint: `Take that back first: subctl assign ${customer} ${plan}`,
    },
  );
}
