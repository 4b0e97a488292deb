import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** Waits until no other change of the catalogue is under way; to be called before it is read in order to be changed. */
export async function lockCatalogue(tx: Db): Promise<void> {
  await tx`select pg_advisory_xact_lock(7316)`;
}

/** Writes the rules of plan versions, or of every one of them: after kinds, meters or the credit costs of all plans have changed. */
export async function compileRules(
  tx: Db,
  versions: 'all' | readonly { plan: string; version: number }[],
): Promise<void> {
  if (versions === 'all') await call(tx, 'subctl.compile_all', {});
  else
    for (const { plan, version } of versions)
      await call(tx, 'subctl.compile_plan', { p_plan: plan, p_version: version });
}

/** Writes the rules of every version of a plan. */
export async function compilePlan(tx: Db, plan: string): Promise<void> {
  await tx`select subctl.compile_plan(plan_id, version) from subctl.plan_versions where plan_id = ${plan}`;
}
