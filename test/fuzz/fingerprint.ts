import type { Connection } from '../../src/database/connect.ts';

/** Runs say of themselves that they began, failed and ended, whatever they did. */
const ofRuns = ['job_runs', 'jobs'];

/**
 * What a database holds, as one text that is another after any write that was committed: of each table its rows and the newest transaction
 * that wrote one of them. Caches, which are not logged, are left out. Made by one statement, so that it can be asked for after each of many
 * inputs. `apart` are tables that are left out too.
 */
export async function fingerprinter(
  sql: Connection,
  apart: readonly string[] = [],
): Promise<() => Promise<string>> {
  const tables = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'subctl' and c.relkind in ('r', 'p') and c.relpersistence = 'p' and not c.relispartition and c.relname <> all (${[...ofRuns, ...apart]}::text[]) order by 1`;
  const parts = tables.map(
    ({ name }) =>
      `(select '${name} ' || count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) from subctl.${name})`,
  );
  const statement = `select array[${parts.join(', ')}] as found`;
  return async () => {
    const [row] = await sql.unsafe<[{ found: string[] }]>(statement);
    return row.found.join('\n');
  };
}
