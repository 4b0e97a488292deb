import type { Plan } from './catalogue.ts';
import { type Lines, describeRow, describeVersion } from './describe-plan.ts';

/** A difference between two sides; null where a side has no value. */
export interface Difference {
  what: string;
  before: string | null;
  after: string | null;
}

export interface PlanDifferences {
  /** of what is edited in place */
  row: Difference[];
  /** of a version's contents */
  version: Difference[];
}

/** Lists what must change for `before` to become `after`. A value that `after` leaves out (active, default) is no difference. */
export function comparePlans(before: Plan, after: Plan): PlanDifferences {
  const wanted = withUnsaid(before, after);
  return {
    row: compareLines(describeRow(before), describeRow(wanted)),
    version: compareLines(describeVersion(before.version), describeVersion(wanted.version)),
  };
}

/** The plan, with absent values taken from the other. */
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
