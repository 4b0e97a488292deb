import { listSettings } from '../../settings/list-settings.ts';
import type { Row } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** The database settings as rows of `config show`. */
export async function databaseRows(context: Context): Promise<Row[]> {
  const rows = await listSettings(await context.database());
  return rows.map((row) => ({ ...row, source: row.source === 'default' ? 'default' : 'the database' }));
}
