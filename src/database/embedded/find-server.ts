import { existsSync } from 'node:fs';
import { accountOf } from './account.ts';
import { diskFailure } from './disk.ts';
import type { EmbeddedPaths } from './embedded-paths.ts';
import { isReady, pidOf } from './postmaster.ts';

/**
 * The pid of the server of `place` if it runs and answers; starts nothing and changes nothing.
 * @throws Failure config when the data belongs to another account
 */
export async function findServer(paths: EmbeddedPaths): Promise<number | undefined> {
  if (!existsSync(paths.home)) return undefined;
  try {
    return (await isReady(paths)) ? pidOf(paths) : undefined;
  } catch (error) {
    accountOf(paths); // says whose it is
    throw diskFailure(paths.data, error) ?? error;
  }
}
