import type { Db } from '../../src/database/connect.ts';
import { checks } from '../../src/integrity/catalogue.ts';

/** The views of the catalogue with their schema. */
export const views: readonly string[] = checks.flatMap((check) => ('view' in check ? [check.view] : []));

/** The first rows of each view that is not empty, read as psql reads it: a plain select with no setting of the program's. */
export async function selectViews(db: Db): Promise<Record<string, object[]>> {
  const found: Record<string, object[]> = {};
  for (const view of views) {
    const rows = await db.unsafe(`select customer_id, subject, expected, found from ${view} limit 20`);
    if (rows.length > 0) found[view] = [...rows];
  }
  return found;
}
