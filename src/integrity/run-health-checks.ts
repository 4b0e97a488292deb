import type { Db } from '../database/connect.ts';
import { healthChecks } from './health-checks.ts';

/** The result of one check; `found` is empty when it is healthy. */
export interface HealthResult {
  check: string;
  found: string[];
  hint: string | null;
}

/** Runs every health check, in order. */
export async function runHealthChecks(db: Db, now: Date): Promise<HealthResult[]> {
  const all: HealthResult[] = [];
  for (const { name, hint, find } of healthChecks) {
    const found = (await find(db, now)).map(({ sentence }) => sentence);
    all.push({ check: name, found, hint: found.length > 0 ? hint : null });
  }
  return all;
}

/** Reads the versions of the server and of the schema. */
export async function describeDatabase(db: Db): Promise<{ server: string; schema: number; setUpBy: string }> {
  const [row] = await db<{ server: string; schema: number; setUpBy: string }[]>`
    select current_setting('server_version') as server, (s.value->>'version')::int as schema, s.value->>'program' as "setUpBy"
      from subctl.settings s where s.key = 'schema'`;
  return row!;
}
