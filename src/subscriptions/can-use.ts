import type { Db } from '../database/connect.ts';
import { refusalOf } from '../database/refusals.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/** A feature of a customer's plan at an instant, and whether the customer has it. */
export interface FeatureAnswer extends Record<string, unknown> {
  customer: string;
  feature: string;
  allowed: boolean;
  /** null when allowed; `not_in_plan`, `disabled` where the plan says no or 0, or the reason for having no access at all */
  reason: string | null;
  type: 'boolean' | 'number' | 'text';
  /** true or false, a decimal string (null is unlimited), or a word; null where the plan does not name it */
  value: boolean | string | null;
  unlimited: boolean;
  plan: string | null;
  status: string;
  /** open plans that include it, by rank */
  plans: string[];
}

export interface FeatureQuestion {
  customer: string;
  feature: string;
  /** undefined: the database's clock */
  now: Date | undefined;
}

/**
 * Checks a feature with subctl.feature, which reads `standing` of effective_subscription alone.
 * @throws Failure not_found for an unknown customer, and for a feature that no plan has
 */
export async function canUse(db: Db, { customer, feature, now }: FeatureQuestion): Promise<FeatureAnswer> {
  try {
    const [row] = await db<[{ answer: Omit<FeatureAnswer, 'plans'>; plans: string[] }]>`
      select subctl.feature(${customer}, ${feature}, ${now ?? null}) as answer,
             array(select p.id from subctl.plans p
                     join subctl.plan_versions v on v.plan_id = p.id and v.version = p.current_version
                    cross join lateral subctl.features_in(v.features) f
                    where p.active and f.name = ${feature} and f.gives
                    order by p.rank nulls last, p.id) as plans`;
    const { answer, plans } = row;
    return { ...answer, plans } as FeatureAnswer;
  } catch (error) {
    const failure = refusalOf(error);
    if (!failure?.hint?.startsWith('There are: ')) throw failure ?? error;
    const near = nearest(feature, failure.hint.slice('There are: '.length).split(', '));
    throw new Failure('not_found', `${failure.message}${near ? `, did you mean ${near}?` : ''}`, {
      hint: failure.hint,
      cause: error,
    });
  }
}
