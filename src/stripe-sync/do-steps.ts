import { Failure } from '../domain/failure.ts';

/** What became of a step: the id at Stripe of what it is about, or why Stripe did not do it. */
export interface StepDone {
  stripeId: string | null;
  failed: Failure | undefined;
}

/**
 * Does steps at Stripe in their order. One that is refused ends those that need it, which name the same subject, and the others go on (R41); the next
 * run finds what is left. `subjectsOf` gives what a step needs, from the whole to its own part, which is what fails with it.
 * @throws Failure config, unavailable: what is everybody's
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

/** A refusal of one thing, and nothing that is everybody's, as a wrong key or a Stripe that is away. */
function isRefusal(error: unknown): error is Failure {
  return error instanceof Failure && /^(refused|not_found|conflict)$/.test(error.kind);
}
