import { isExternal } from '../../database/connect.ts';
import { type EmbeddedPaths, embeddedPaths } from '../../database/embedded/embedded-paths.ts';
import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';

/**
 * The place of the embedded database and the account for it, for a command that has nothing to do with any other.
 * @throws Failure config when the settings name a database of one's own
 */
export async function findEmbeddedPaths(
  context: Context,
): Promise<{ place: EmbeddedPaths; account: string | undefined }> {
  const { database } = await context.settings();
  if (isExternal(database)) {
    throw new Failure(
      'config',
      `The database is your own (${database.urlSource}): subctl neither starts nor stops it`,
      {
        hint: 'for the embedded database, say that there is no other: DATABASE_URL= subctl db start',
      },
    );
  }
  return { place: embeddedPaths(database.home), account: database.account };
}
