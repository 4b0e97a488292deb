import { Failure } from '../domain/failure.ts';

/** What became of a step: the id at Stripe of what it is about, or why Stripe did not do it. */
export interface StepDone {
  stripeId: string | null;
  failed: Failure | undefined;
}

/**
 * Does steps at Stripe in their order. One that is refused ends the steps of the same subject, and the others go on (R41); the next run finds what
 * is left.
 * @throws Failure config, unavailable: what is everybody's
 */
export async function doSteps<S>(
  steps: readonly S[],
  { subjectOf, act }: { subjectOf: (step: S) => string; act: (step: S) => Promise<string | null> },
): Promise<StepDone[]> {
  const failures = new Map<string, Failure>();
  const done: StepDone[] = [];
  for (const step of steps) {
    const subject = subjectOf(step);
    let failed = failures.get(subject);
    let stripeId: string | null = null;
    if (!failed)
      try {
        stripeId = await act(step);
      } catch (error) {
        if (!(error instanceof Failure) || !/^(refused|not_found|conflict)$/.test(error.kind)) throw error;
        failed = error;
        failures.set(subject, error);
      }
    done.push({ stripeId, failed });
  }
  return done;
}
