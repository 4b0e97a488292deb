import path from 'node:path';
import { packageRoot, packageVersion } from '../../config/package-root.ts';
import { planMigration } from '../../database/migrate.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { openPlace } from './open-place.ts';

/** Shows the SQL that setup would run on the schema, for whoever has to read it before; nothing is made and nothing is run. */
export async function planSetUp(context: Context): Promise<Outcome> {
  const { wouldMake } = await openPlace({ ...context, dryRun: true });
  const program = { folder: path.join(packageRoot(), 'drizzle'), program: packageVersion() };
  const files = await planMigration(wouldMake ? undefined : await context.database(), program);
  const text = files.map(({ name, text: sql }) => `-- ${name}\n${sql.trim()}\n`).join('\n');
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'} of SQL`;
  return {
    text,
    notes: [
      files.length === 0
        ? 'The schema is up to date: nothing would be run'
        : `subctl setup would run ${files.length === 1 ? 'this' : 'these'} ${count} in one transaction and note them in subctl.migrations; nothing was run now`,
    ],
  };
}
