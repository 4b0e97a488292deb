import type { Db } from '../database/connect.ts';
import { countSubscribers } from './dependents.ts';
import { type StoredPlan, findPlans } from './find-plans.ts';

export interface ListedPlan extends StoredPlan {
  /** live subscriptions of any version */
  subscribers: number;
}

/** Plans by rank, with their subscribers; inactive ones with `all` only (P4). */
export async function listPlans(db: Db, { all }: { all: boolean }): Promise<ListedPlan[]> {
  const counts = await countSubscribers(db);
  return (await findPlans(db))
    .filter(({ active }) => active || all)
    .map((plan) => ({
      ...plan,
      subscribers: counts
        .filter((count) => count.plan === plan.id)
        .reduce((sum, { subscribers }) => sum + subscribers, 0),
    }));
}
