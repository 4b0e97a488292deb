import type { Db } from '../database/connect.ts';
import type { usageImports } from '../database/schema/usage.ts';

/** An import of which more is to come, as of when it began. */
export type BegunImport = Pick<typeof usageImports.$inferSelect, 'beginning' | 'startedAt'>;

/**
 * Begins the import of a file with this beginning at `now`, or goes on with the one that broke off: then its uses without time and key
 * count as of when that began. What was begun more than 35 days before is forgotten.
 */
export async function beginImport(tx: Db, beginning: string, now: Date): Promise<BegunImport> {
  await tx`delete from subctl.usage_imports where started_at < ${now}::timestamptz - interval '35 days'`;
  const [row] = await tx<[{ startedAt: Date }]>`
    insert into subctl.usage_imports (beginning, started_at) values (${beginning}, ${now})
    on conflict (beginning) do update set beginning = excluded.beginning
    returning started_at as "startedAt"`;
  return { beginning, startedAt: row.startedAt };
}

/** The import has come to its end: the same file is another one the next time. */
export async function endImport(tx: Db, beginning: string): Promise<void> {
  await tx`delete from subctl.usage_imports where beginning = ${beginning}`;
}
