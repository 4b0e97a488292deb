import { Failure } from '../domain/failure.ts';

/** The result of a step: the id of its object at Stripe, or why Stripe refused it. */
export interface StepDone {
  stripeId: string | null;
  failed: Failure | undefined;
}

/**
 * Runs steps at Stripe in their order. A refused step ends the steps that need it, which name the same subject; the others continue (R41).
 * The next run finds the rest. `subjectsOf` returns the subjects that a step needs, from the whole to its own part, which fails with it.
 * @throws Failure config, unavailable: these affect every step
 */
export async function doSteps<S>(
  steps: readonly S[],
  {
    subjectsOf,
    act,
  }: { subjectsOf: (step: S) => readonly string[]; act: (step: S) => Promise<string | null> },
): Promise<StepDone[]> {
  const failures = new Map<string, Failure>();
  const done: StepDone[] = [];
  for (const step of steps) {
    const subjects = subjectsOf(step);
    let failed = subjects.map((subject) => failures.get(subject)).find((each) => each !== undefined);
    let stripeId: string | null = null;
    if (!failed)
      try {
        stripeId = await act(step);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        failed = error;
        failures.set(subjects.at(-1)!, error);
      }
    done.push({ stripeId, failed });
  }
  return done;
}

/** Whether a failure concerns one object, unlike a wrong key or an unavailable Stripe, which concern all. */
function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && /^(refused|not_found|conflict)$/.test(error.kind);
}
