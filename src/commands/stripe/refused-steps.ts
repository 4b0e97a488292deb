import type { StepDone } from '../../stripe-sync/do-steps.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';

/** What a run says of steps that Stripe refused: each subject once, and exit 7, for the rest is done. */
export function refusedSteps(
  subjects: readonly string[],
  done: readonly StepDone[],
): Pick<RowsOutcome, 'exit' | 'notes'> {
  const refused = new Map<string, string>();
  for (const [at, { failed }] of done.entries()) if (failed) refused.set(subjects[at]!, failed.message);
  if (refused.size === 0) return {};
  return {
    exit: 'incomplete',
    notes: [...refused].map(([subject, why]) => `${subject} was left out: ${why}`),
  };
}
