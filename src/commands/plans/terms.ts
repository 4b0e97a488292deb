import type { PlanVersion } from '../../catalog/catalogue.ts';
import { describeVersion } from '../../catalog/describe-plan.ts';

/** The lines of a version for people, without its prices and limits, which have their own place. */
export function termsOf(version: PlanVersion): (readonly [string, string])[] {
  return Object.entries(describeVersion({ ...version, prices: [], limits: [] }));
}
