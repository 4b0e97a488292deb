import type { Db } from '../database/connect.ts';
import type { usageImports } from '../database/schema/usage.ts';

/** An unfinished import, at the time it began. */
export type BegunImport = Pick<typeof usageImports.$inferSelect, 'beginning' | 'startedAt'>;

/**
 * Begins the import of a file at `now`, or continues an interrupted one: then its uses without time and key count at the time that one
 * began. Imports that began more than 35 days before are deleted.
 */
export async function beginImport(tx: Db, beginning: string, now: Date): Promise<BegunImport> {
  await tx`delete from subctl.usage_imports where started_at < ${now}::timestamptz - interval '35 days'`;
  const [row] = await tx<[{ startedAt: Date }]>`
    insert into subctl.usage_imports (beginning, started_at) values (${beginning}, ${now})
    on conflict (beginning) do update set beginning = excluded.beginning
    returning started_at as "startedAt"`;
  return { beginning, startedAt: row.startedAt };
}

/** Ends the import: the same file is a new import the next time. */
export async function endImport(tx: Db, beginning: string): Promise<void> {
  await tx`delete from subctl.usage_imports where beginning = ${beginning}`;
}
