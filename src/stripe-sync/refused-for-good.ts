import { Failure } from '../domain/failure.ts';

/** Runs `work` and marks its refusals as permanent: no retry and no object created at Stripe changes them. */
export function forGood<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { kind, message, hint } = error;
    throw new Failure(kind, message, { hint, details: { for_good: true }, cause: error });
  }
}

/**
 * Whether Stripe itself refused permanently, or the request can never be valid; a key that was used for another request may succeed
 * another day.
 */
export function isForGood({ kind, details = {} }: Failure): boolean {
  return (
    details['for_good'] === true || (kind !== 'conflict' && typeof details['stripe_request'] === 'string')
  );
}
