import path from 'node:path';
import { is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { filesIn, root } from '../house/sources.ts';

/** Every table of `src/database/schema`. */
export async function schemaTables(): Promise<PgTable[]> {
  const modules = await Promise.all(
    filesIn('src/database/schema', '.ts').map(
      async (file) => (await import(path.join(root, file))) as Record<string, unknown>,
    ),
  );
  return modules.flatMap((module) => Object.values(module)).filter((value) => is(value, PgTable));
}
