import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { emptyVersion } from './catalogue.ts';
import { lockCatalogue } from './compile.ts';
import { type EditedPlan, storePlan } from './edit-plan.ts';
import { findPlans } from './find-plans.ts';
import { type PlanEdit, applyEdit } from './plan-edit.ts';
import { isId } from './read-values.ts';

/**
 * Creates a plan. `id` is its slug; `edit` gives everything that differs from the defaults.
 * @throws Failure usage for a bad slug, conflict when the plan exists, not_found for an unknown meter or fallback
 */
export async function createPlan(
  tx: Db,
  change: Change,
  { id, edit }: { id: string; edit: PlanEdit },
): Promise<EditedPlan> {
  readPlanId(id);
  await lockCatalogue(tx);
  if ((await findPlans(tx)).some((plan) => plan.id === id))
    throw new Failure('conflict', `Plan ${id} already exists`, {
      hint: `Edit it: subctl plans edit ${id}`,
    });
  const empty = {
    id,
    name: id,
    description: null,
    rank: null,
    active: true,
    isDefault: false,
    fallback: 'default' as const,
    fallbackPlanId: null,
    creditCosts: [],
    version: emptyVersion(),
  };
  return storePlan(tx, change, { existing: undefined, plan: applyEdit(empty, edit) });
}

/** Reads the slug of a plan. @throws Failure usage */
export function readPlanId(id: string): string {
  if (isId(id, false)) return id;
  throw new Failure('usage', `'${id}' is not a valid plan id`, {
    hint: 'Use small letters, digits, dashes and underscores, starting with a letter or digit: pro-2025',
  });
}
