import type { Db } from '../../database/connect.ts';

/** What a database lacks that setup can give it. */
export interface Missing {
  schema: boolean;
  plans: boolean;
}

/** Looks at a database that may be empty. */
export async function findMissing(db: Db): Promise<Missing> {
  const [at] = await db<[{ there: boolean }]>`select to_regclass('subctl.plans') is not null as there`;
  if (!at.there) return { schema: true, plans: true };
  const [plans] = await db<[{ some: boolean }]>`select exists (select from subctl.plans) as some`;
  return { schema: false, plans: !plans.some };
}
