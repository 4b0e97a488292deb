import path from 'node:path';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import { planMigration } from '../../database/migrate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { openPlace } from './open-place.ts';

/** Prints the SQL that setup would run on the schema, for review. Runs nothing. */
export async function planSetUp(context: Context): Promise<Outcome> {
  const { wouldMake } = await openPlace({ ...context, dryRun: true });
  const program = { folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() };
  const files = await planMigration(wouldMake ? undefined : await context.database(), program);
  const text = files.map(({ name, text: sql }) => `-- ${name}\n${sql.trim()}\n`).join('\n');
  const count = `${files.length} SQL ${files.length === 1 ? 'file' : 'files'}`;
  return {
    text,
    notes: [
      files.length === 0
        ? 'The schema is up to date: there is nothing to run'
        : `subctl setup would run ${files.length === 1 ? 'this' : 'these'} ${count} in one transaction and record ${files.length === 1 ? 'it' : 'them'} in subctl.migrations; nothing was run now`,
    ],
  };
}
