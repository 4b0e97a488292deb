import type { Connection } from '../../src/database/connect.ts';
import { caches, rowsOf } from '../support/tables.ts';

/** Tables that say how and when something was done, and not what. */
const apart = ['changes', 'jobs', 'job_runs', 'functions', 'migrations', ...caches];
const columns = ['change_id', 'written_at', 'first_at', 'last_at', 'generation'];

/**
 * All that the database holds, a text per row, without who wrote it, when, and the random part of ids: a UUIDv7 keeps its time, so that two
 * runs of the same work give the same text.
 */
export async function dump(sql: Connection): Promise<Record<string, string[]>> {
  const tables = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'subctl' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all (${apart}::text[]) order by 1`;
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ line: string }[]>(
      `select regexp_replace((to_jsonb(t) - $1::text[])::text, '([0-9a-f]{8}-[0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}', '\\1', 'g') as line
         from ${rowsOf(name)} t order by 1`,
      [columns],
    );
    if (rows.length > 0) all[name] = rows.map(({ line }) => line);
  }
  const partitions = await sql<{ name: string }[]>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'subctl.usage_events'::regclass order by 1`;
  return { ...all, partitions: partitions.map(({ name }) => name) };
}
