import { Failure } from '../domain/failure.ts';

/** Runs `work`; what it refuses is refused for good: no other day, and nothing that is made at Stripe, changes it. */
export function forGood<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, message, hint } = error;
    throw new Failure(kind, message, { hint, details: { for_good: true }, cause: error });
  }
}

/** Whether Stripe itself refused it, or it can never be right; what was asked under a key with other words may pass another day. */
export function isForGood({ kind, details = {} }: Failure): boolean {
  return (
    details['for_good'] === true || (kind !== 'conflict' && typeof details['stripe_request'] === 'string')
  );
}
