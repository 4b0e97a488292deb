import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** Waits for other changes of the catalogue. Call it before reading the catalogue in order to change it. */
export async function lockCatalogue(tx: Db): Promise<void> {
  await tx`select pg_advisory_xact_lock(7316)`;
}

/** Compiles the rules of plan versions, by default all: after a change of kinds, meters or the credit costs of all plans. */
export async function compileRules(
  tx: Db,
  versions: 'all' | readonly { plan: string; version: number }[],
): Promise<void> {
  if (versions === 'all') await call(tx, 'subctl_internal.compile_all', {});
  else
    for (const { plan, version } of versions)
      await call(tx, 'subctl_internal.compile_plan', { p_plan: plan, p_version: version });
}

/** Compiles the rules of every version of a plan. */
export async function compilePlan(tx: Db, plan: string): Promise<void> {
  await tx`select subctl_internal.compile_plan(plan_id, version) from subctl.plan_versions where plan_id = ${plan}`;
}
