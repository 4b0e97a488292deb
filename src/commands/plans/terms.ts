import type { PlanVersion } from '../../catalog/catalogue.ts';
import { describeVersion } from '../../catalog/describe-plan.ts';
import { featureLine } from '../../catalog/features.ts';

/** The lines of a version without prices and limits, which are shown separately. */
export function termsOf(version: PlanVersion): (readonly [string, string])[] {
  const features = featureLine(version.features);
  return [
    ...(features === undefined ? [] : [['features', features] as const]),
    ...Object.entries(describeVersion({ ...version, prices: [], limits: [], features: [] })),
  ];
}
