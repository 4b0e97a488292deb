import { isExternal } from '../../database/connect.ts';
import { type EmbeddedPaths, embeddedPaths } from '../../database/embedded/embedded-paths.ts';
import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';

/**
 * The paths and the account of the embedded database, for commands that work only on it.
 * @throws Failure config when the settings name an external database
 */
export async function findEmbeddedPaths(
  context: Context,
): Promise<{ place: EmbeddedPaths; account: string | undefined }> {
  const { database } = await context.settings();
  if (isExternal(database)) {
    throw new Failure(
      'config',
      `The database is external (${database.urlSource}): subctl does not start or stop it`,
      {
        hint: 'to use the embedded database, clear the URL: DATABASE_URL= subctl db start',
      },
    );
  }
  return { place: embeddedPaths(database.home), account: database.account };
}
