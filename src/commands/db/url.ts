import { findDatabase } from '../../database/connect.ts';
import { formatDatabaseUrl } from '../../database/url.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { databaseUrl } from './spec.ts';

/** Prints a URL that works, with the password only on demand. */
export async function run(context: Context, { showPassword }: InputOf<typeof databaseUrl>): Promise<Outcome> {
  const { database } = await context.settings();
  const address = await findDatabase(database);
  const url = showPassword && database.url ? database.url : formatDatabaseUrl(address, { showPassword });
  return { text: `${url}\n`, json: { url }, secret: showPassword };
}
