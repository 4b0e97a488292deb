import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Plan } from './catalogue.ts';
import { compilePlan, compileRules, lockCatalogue } from './compile.ts';
import { ensureMeters } from './ensure-meters.ts';
import { checkFeatureTypes } from './features.ts';
import { type StoredPlan, findPlans, getPlan } from './find-plans.ts';
import { type PlanEdit, applyEdit, missingFrom } from './plan-edit.ts';
import { type SavedPlan, checkFallbacks, savePlan } from './save-plan.ts';

/** An edit that was made, or that changed nothing. */
export type EditedPlan = SavedPlan & { changed: boolean };

/**
 * Edits a plan: name, rank, default and fallback at once; prices, limits, credits and terms in the current version while nothing depends
 * on it, else in a new version. Present subscribers then stay on their version.
 * @throws Failure not_found for an unknown plan, meter or fallback, and for removing what the plan does not have
 */
export async function editPlan(
  tx: Db,
  change: Change,
  { id, edit }: { id: string; edit: PlanEdit },
): Promise<EditedPlan> {
  await lockCatalogue(tx);
  const existing = await getPlan(tx, id);
  const missing = missingFrom(existing, edit);
  if (missing.length > 0)
    throw new Failure('not_found', `Plan ${id} has no ${missing.join(' and no ')}`, {
      hint: `subctl plans show ${id}`,
    });
  return storePlan(tx, change, { existing, plan: applyEdit(existing, edit) });
}

/** Saves one plan with the meters that it needs, and compiles its rules. */
export async function storePlan(
  tx: Db,
  change: Change,
  { existing, plan }: { existing: StoredPlan | undefined; plan: Plan },
): Promise<EditedPlan> {
  const { limits, prorationMeter } = plan.version;
  const needed = [...limits.map(({ meter }) => meter), ...(prorationMeter === null ? [] : [prorationMeter])];
  const metersMade = await ensureMeters(tx, change, needed);
  checkFeatureTypes([...(await findPlans(tx)).filter(({ id }) => id !== plan.id), plan]);
  const saved = await savePlan(tx, change, { existing, plan, catalogue: null });
  await checkFallbacks(tx);
  if (metersMade) await compileRules(tx, 'all');
  else if (saved.action !== 'unchanged') await compilePlan(tx, plan.id);
  return { ...saved, changed: saved.action !== 'unchanged' };
}
