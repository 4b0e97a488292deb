import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { creditCosts } from '../database/schema/catalog.ts';
import type { CreditCost } from './catalogue.ts';

/** Replaces the credit costs of one plan, or of all plans (''), by `costs`. */
export async function saveCreditCosts(
  tx: Db,
  { plan, costs }: { plan: string; costs: readonly CreditCost[] },
): Promise<void> {
  const kept = costs.map(({ kind }) => kind);
  await orm(tx)
    .delete(creditCosts)
    .where(and(eq(creditCosts.planId, plan), notInArray(creditCosts.kind, kept)));
  await mergeCreditCosts(tx, { plan, costs });
}

/** Sets some credit costs and leaves the others. */
export async function mergeCreditCosts(
  tx: Db,
  { plan, costs }: { plan: string; costs: readonly CreditCost[] },
): Promise<void> {
  if (costs.length === 0) return;
  const { planId, kind } = creditCosts;
  await orm(tx)
    .insert(creditCosts)
    .values(costs.map((cost) => ({ planId: plan, kind: cost.kind, amount: cost.amount })))
    .onConflictDoUpdate({ target: [planId, kind], set: { amount: sql`excluded.amount` } });
}
