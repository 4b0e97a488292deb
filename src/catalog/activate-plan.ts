import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { countSubscribers } from './dependents.ts';
import { lockCatalogue } from './compile.ts';
import { getPlan } from './find-plans.ts';
import { savePlan } from './save-plan.ts';

export interface ActivatedPlan {
  plan: string;
  active: boolean;
  changed: boolean;
  /** live subscriptions of any version: they keep the plan */
  subscribers: number;
}

/**
 * Opens a plan to new subscribers, or closes it. Present subscribers keep it.
 * @throws Failure refused for closing the default plan
 */
export async function setPlanActive(
  tx: Db,
  change: Change,
  { id, active }: { id: string; active: boolean },
): Promise<ActivatedPlan> {
  await lockCatalogue(tx);
  const existing = await getPlan(tx, id);
  const saved = await savePlan(tx, change, { existing, plan: { ...existing, active }, catalogue: null });
  const counts = (await countSubscribers(tx)).filter(({ plan }) => plan === id);
  return {
    plan: id,
    active,
    changed: saved.action !== 'unchanged',
    subscribers: counts.reduce((sum, { subscribers }) => sum + subscribers, 0),
  };
}
