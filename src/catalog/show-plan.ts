import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { countSubscribers } from './dependents.ts';
import { type StoredPlan, getPlan } from './find-plans.ts';
import { type NumberedVersion, findVersions } from './find-versions.ts';

export interface ShownPlan {
  plan: StoredPlan;
  /** newest first */
  versions: (NumberedVersion & { isCurrent: boolean; subscribers: number })[];
}

/** Shows a plan with all its versions, or only with version `number`. @throws Failure not_found */
export async function showPlan(
  db: Db,
  { id, number }: { id: string; number?: number | undefined },
): Promise<ShownPlan> {
  const plan = await getPlan(db, id);
  const counts = (await countSubscribers(db)).filter((count) => count.plan === id);
  const versions = (await findVersions(db, id))
    .filter((version) => number === undefined || version.number === number)
    .map((version) => ({
      ...version,
      isCurrent: version.number === plan.currentVersion,
      subscribers: counts.find((count) => count.version === version.number)?.subscribers ?? 0,
    }))
    .reverse();
  if (versions.length === 0)
    throw new Failure('not_found', `Plan ${id} has no version ${number}`, {
      hint: `Its newest is ${plan.currentVersion}: subctl plans show ${id}`,
    });
  return { plan, versions };
}
