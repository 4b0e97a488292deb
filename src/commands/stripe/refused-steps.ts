import type { StepDone } from '../../stripe-sync/do-steps.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';

/** Notes about steps that Stripe refused, one per subject. Exit code 7, since the other steps were applied. */
export function refusedSteps(
  subjects: readonly string[],
  done: readonly StepDone[],
): Pick<RowsOutcome, 'exit' | 'notes'> {
  const refused = new Map<string, string>();
  for (const [at, { failed }] of done.entries()) if (failed) refused.set(subjects[at]!, failed.message);
  if (refused.size === 0) return {};
  return {
    exit: 'incomplete',
    notes: [...refused].map(([subject, why]) => `${subject} was skipped: ${why}`),
  };
}
