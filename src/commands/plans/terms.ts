import type { PlanVersion } from '../../catalog/catalogue.ts';
import { describeVersion } from '../../catalog/describe-plan.ts';
import { featureLine } from '../../catalog/features.ts';

/** The lines of a version for people, without its prices and limits, which have their own place. */
export function termsOf(version: PlanVersion): (readonly [string, string])[] {
  const features = featureLine(version.features);
  return [
    ...(features === undefined ? [] : [['features', features] as const]),
    ...Object.entries(describeVersion({ ...version, prices: [], limits: [], features: [] })),
  ];
}
