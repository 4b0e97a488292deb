import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { getEffective } from './effective.ts';

/** Whether a customer's plan includes a feature at an instant, and why not. */
export interface FeatureAnswer extends Record<string, unknown> {
  customer: string;
  feature: string;
  allowed: boolean;
  /** null when allowed; `not_in_plan`, or why there is no access at all */
  reason: string | null;
  plan: string | null;
  status: string;
  /** plans that include it, by rank */
  plans: string[];
}

/**
 * Answers from effective_subscription alone (P9, S11).
 * @throws Failure not_found for an unknown customer, and for a feature that no plan has
 */
export async function canUse(
  db: Db,
  { customer, feature, now }: { customer: string; feature: string; now: Date },
): Promise<FeatureAnswer> {
  const { plan, version, access, reason, status } = await getEffective(db, customer, now);
  const versions = await db<{ plan: string; version: number; features: string[]; offered: boolean }[]>`
    select v.plan_id as plan, v.version, v.features, p.active and v.version = p.current_version as offered
      from subctl.plan_versions v join subctl.plans p on p.id = v.plan_id
     order by p.rank nulls last, p.id`;
  const known = [...new Set(versions.flatMap(({ features }) => features))];
  if (!known.includes(feature)) {
    const near = nearest(feature, known);
    throw new Failure(
      'not_found',
      `No plan has a feature '${feature}'${near ? `, did you mean ${near}?` : ''}`,
      {
        hint: known.length > 0 ? `There are: ${known.sort().join(', ')}` : 'subctl plans edit',
      },
    );
  }
  const includes = versions.some(
    (each) => each.plan === plan && each.version === version && each.features.includes(feature),
  );
  const plans = versions
    .filter(({ offered, features }) => offered && features.includes(feature))
    .map((each) => each.plan);
  return {
    ...{ customer, feature, allowed: access && includes },
    reason: access ? (includes ? null : 'not_in_plan') : reason,
    ...{ plan, status, plans },
  };
}
