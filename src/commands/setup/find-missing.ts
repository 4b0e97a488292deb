import type { Db } from '../../database/connect.ts';

/** Parts that a database lacks and that setup can add. */
export interface Missing {
  schema: boolean;
  plans: boolean;
}

/** Finds the missing parts of a database, which may be empty. */
export async function findMissing(db: Db): Promise<Missing> {
  const [at] = await db<[{ there: boolean }]>`select to_regclass('subctl.plans') is not null as there`;
  if (!at.there) return { schema: true, plans: true };
  const [plans] = await db<[{ some: boolean }]>`select exists (select from subctl.plans) as some`;
  return { schema: false, plans: !plans.some };
}
