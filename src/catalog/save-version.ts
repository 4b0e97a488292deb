import { and, eq, sql } from 'drizzle-orm';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { planLimits, planPrices, planVersions } from '../database/schema/plans.ts';
import type { PlanVersion } from './catalogue.ts';
import { featuresText } from './features.ts';

export interface VersionKey {
  plan: string;
  number: number;
}

/** Saves a version with its prices and limits, new or in place. The caller knows that nothing depends on it. */
export async function saveVersion(
  tx: Db,
  change: Change,
  { plan, number, version }: VersionKey & { version: PlanVersion },
): Promise<void> {
  const key = { planId: plan, version: number };
  const { prices, limits, features, ...contents } = version;
  const row = { ...contents, features: sql`${featuresText(features)}::jsonb`, changeId: change.id };
  const rows = orm(tx);
  await rows
    .insert(planVersions)
    .values({ ...key, ...row, createdAt: change.at })
    .onConflictDoUpdate({ target: [planVersions.planId, planVersions.version], set: row });
  await rows.delete(planPrices).where(and(eq(planPrices.planId, plan), eq(planPrices.version, number)));
  if (prices.length > 0) await rows.insert(planPrices).values(prices.map((price) => ({ ...key, ...price })));
  await rows.delete(planLimits).where(and(eq(planLimits.planId, plan), eq(planLimits.version, number)));
  if (limits.length > 0)
    await rows
      .insert(planLimits)
      .values(
        limits.map(({ meter, value, ...limit }) => ({ ...key, ...limit, meterId: meter, limitValue: value })),
      );
}
