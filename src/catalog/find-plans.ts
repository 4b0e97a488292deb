import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import type { CreditCost, Plan } from './catalogue.ts';
import { findVersions } from './find-versions.ts';

/** A plan of the database: every field has a value, and its version has a number. */
export interface StoredPlan extends Plan {
  active: boolean;
  isDefault: boolean;
  currentVersion: number;
  catalogue: string | null;
  createdAt: Date;
}

/** Finds every plan with its current version, by rank and id. */
export async function findPlans(db: Db): Promise<StoredPlan[]> {
  const rows = await db<(Omit<StoredPlan, 'version'> & { creditCosts: CreditCost[] })[]>`
    select p.id, p.name, p.description, p.rank, p.active, p.is_default as "isDefault", p.fallback, p.fallback_plan_id as "fallbackPlanId",
           p.current_version as "currentVersion", p.catalogue, p.created_at as "createdAt",
           (select coalesce(json_agg(json_build_object('kind', c.kind, 'amount', c.amount::text) order by c.kind collate "C"), '[]')
              from subctl.credit_costs c where c.plan_id = p.id) as "creditCosts"
      from subctl.plans p
     order by p.rank nulls last, p.id collate "C"`;
  const versions = new Map((await findVersions(db)).map((version) => [version.planId, version]));
  return rows.map((row) => ({ ...row, version: versions.get(row.id)! }));
}

/** Finds a plan with its current version. @throws Failure not_found, with the nearest id */
export async function getPlan(db: Db, id: string): Promise<StoredPlan> {
  const plans = await findPlans(db);
  const plan = plans.find((each) => each.id === id);
  if (plan) return plan;
  const ids = plans.map((each) => each.id);
  const near = nearest(id, ids);
  throw new Failure('not_found', `There is no plan '${id}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: ids.length === 0 ? 'Load some: subctl plans load mobix' : 'List all plans: subctl plans list --all',
  });
}
