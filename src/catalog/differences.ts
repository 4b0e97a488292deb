import type { Plan } from './catalogue.ts';
import { type Lines, describeRow, describeVersion } from './describe-plan.ts';

/** One thing that is not the same on two sides; null where a side does not have it. */
export interface Difference {
  what: string;
  before: string | null;
  after: string | null;
}

export interface PlanDifferences {
  /** of what is edited in place */
  row: Difference[];
  /** of what a version contains */
  version: Difference[];
}

/** What has to change for `before` to become `after`. What `after` does not say (active, default) is no difference. */
export function comparePlans(before: Plan, after: Plan): PlanDifferences {
  const wanted = withUnsaid(before, after);
  return {
    row: compareLines(describeRow(before), describeRow(wanted)),
    version: compareLines(describeVersion(before.version), describeVersion(wanted.version)),
  };
}

/** The plan with what it does not say taken from the other. */
export function withUnsaid(from: Plan | undefined, plan: Plan): Plan {
  return {
    ...plan,
    active: plan.active ?? from?.active ?? true,
    isDefault: plan.isDefault ?? from?.isDefault ?? false,
  };
}

/** The differences of two sets of lines, in the order of the keys. */
export function compareLines(before: Lines, after: Lines): Difference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((what) => before[what] !== after[what])
    .map((what) => ({ what, before: before[what] ?? null, after: after[what] ?? null }));
}

/** `price 1mo USD: 29.00 → 39.00`. */
export function differenceWord({ what, before, after }: Difference): string {
  return `${what}: ${before ?? 'none'} → ${after ?? 'none'}`;
}
