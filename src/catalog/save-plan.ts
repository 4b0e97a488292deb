import { and, ne } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { plans } from '../database/schema/plans.ts';
import { Failure } from '../domain/failure.ts';
import type { Plan } from './catalogue.ts';
import { saveCreditCosts } from './save-credit-costs.ts';
import { findDependents } from './dependents.ts';
import { describeRow, describeVersion } from './describe-plan.ts';
import { type Difference, comparePlans, withUnsaid } from './differences.ts';
import type { StoredPlan } from './find-plans.ts';
import { saveVersion } from './save-version.ts';

/** The result of saving a plan. */
export interface SavedPlan {
  plan: string;
  /** versioned: others depend on the version that was current, so there is a new one */
  action: 'created' | 'edited' | 'versioned' | 'unchanged';
  version: number;
  /** live subscriptions that stay on the previous version; 0 unless versioned */
  staying: number;
  differences: Difference[];
}

/**
 * Saves a plan: name, rank, default and fallback in place; the version's contents in place while nothing depends on it, else as the next
 * version, which new subscribers get. The caller compiles the rules.
 * @throws Failure refused when the default plan would be inactive, not_found for an unknown fallback plan
 */
export async function savePlan(
  tx: Db,
  change: Change,
  {
    existing,
    plan: given,
    catalogue,
  }: { existing: StoredPlan | undefined; plan: Plan; catalogue: string | null },
): Promise<SavedPlan> {
  const plan = withUnsaid(existing, given);
  const { row, version } = existing ? comparePlans(existing, plan) : { row: [], version: [] };
  const done = {
    plan: plan.id,
    version: existing?.currentVersion ?? 1,
    staying: 0,
    differences: [...row, ...version],
  };
  if (existing && done.differences.length === 0) return { ...done, action: 'unchanged' };
  refuseInactiveDefault(plan, existing?.isDefault ?? false);
  const dependents = version.length > 0 ? await dependentsOf(tx, existing) : noDependents;
  const number = dependents.any ? await nextVersion(tx, plan.id) : done.version;
  if (plan.isDefault) await clearDefault(tx, change, plan.id);
  await savePlanRow(tx, change, { plan, number, catalogue });
  if (!existing || version.length > 0)
    await saveVersion(tx, change, { plan: plan.id, number, version: plan.version });
  await saveCreditCosts(tx, { plan: plan.id, costs: plan.creditCosts });
  await auditPlan(tx, change, { existing, plan, number });
  const edited = dependents.any ? 'versioned' : 'edited';
  const action = existing ? edited : 'created';
  return { ...done, action, version: number, staying: dependents.subscribers };
}

const noDependents = { any: false, subscribers: 0 };

async function dependentsOf(tx: Db, existing: StoredPlan | undefined): Promise<typeof noDependents> {
  if (!existing) return noDependents;
  return findDependents(tx, { plan: existing.id, version: existing.currentVersion });
}

async function auditPlan(
  tx: Db,
  change: Change,
  { existing, plan, number }: { existing: StoredPlan | undefined; plan: Plan; number: number },
): Promise<void> {
  await audit(tx, change, [
    {
      entity: 'plan',
      key: plan.id,
      before: existing ? describeRow(existing) : null,
      after: describeRow(plan),
    },
    {
      entity: 'plan_version',
      key: `${plan.id} ${number}`,
      before: existing ? describeVersion(existing.version) : null,
      after: describeVersion(plan.version),
    },
  ]);
}

function refuseInactiveDefault(plan: Plan, wasDefault: boolean): void {
  if (plan.active || !plan.isDefault) return;
  if (wasDefault)
    throw new Failure('refused', `Plan ${plan.id} is the default plan and must stay active`, {
      hint: 'Make another plan the default first: subctl plans edit PLAN --default',
    });
  throw new Failure('refused', `Plan ${plan.id} is not active, so it cannot be the default plan`, {
    hint: `subctl plans activate ${plan.id}`,
  });
}

async function nextVersion(tx: Db, plan: string): Promise<number> {
  const rows = await tx<
    { next: number }[]
  >`select max(version) + 1 as next from subctl.plan_versions where plan_id = ${plan}`;
  return rows[0]!.next;
}

/** Makes a plan the only default plan: the previous one loses the mark. */
async function clearDefault(tx: Db, change: Change, successor: string): Promise<void> {
  const rows = await orm(tx)
    .update(plans)
    .set({ isDefault: false })
    .where(and(plans.isDefault, ne(plans.id, successor)))
    .returning({ id: plans.id });
  await audit(
    tx,
    change,
    rows.map(({ id }) => ({ entity: 'plan', key: id, before: { default: 'yes' }, after: { default: 'no' } })),
  );
}

async function savePlanRow(
  tx: Db,
  change: Change,
  { plan, number, catalogue }: { plan: Plan; number: number; catalogue: string | null },
): Promise<void> {
  const { id, name, description, rank, active = true, isDefault = false, fallback, fallbackPlanId } = plan;
  const row = {
    name,
    description,
    rank,
    active,
    isDefault,
    fallback,
    fallbackPlanId,
    currentVersion: number,
  };
  await orm(tx)
    .insert(plans)
    .values({ id, ...row, catalogue, createdAt: change.at })
    .onConflictDoUpdate({ target: plans.id, set: catalogue === null ? row : { ...row, catalogue } });
}

/** Checks that fallback plans exist, once all plans of a change are saved, since one may fall back to another. @throws Failure not_found */
export async function checkFallbacks(tx: Db): Promise<void> {
  const rows = await tx<{ id: string; fallback: string }[]>`
    select p.id, p.fallback_plan_id as fallback from subctl.plans p
     where p.fallback_plan_id is not null and not exists (select from subctl.plans f where f.id = p.fallback_plan_id)`;
  if (rows[0])
    throw new Failure(
      'not_found',
      `Plan ${rows[0].id} falls back to '${rows[0].fallback}', which is not a plan`,
      {
        hint: 'List all plans: subctl plans list --all',
      },
    );
}
