import { existsSync } from 'node:fs';
import { accountOf } from './account.ts';
import { diskFailure } from './disk.ts';
import type { Place } from './place.ts';
import { isReady, pidOf } from './postmaster.ts';

/**
 * The pid of the server of `place` if it runs and answers; starts nothing and changes nothing.
 * @throws Failure config when the data belongs to another account
 */
export async function findServer(place: Place): Promise<number | undefined> {
  if (!existsSync(place.home)) return undefined;
  try {
    return (await isReady(place)) ? pidOf(place) : undefined;
  } catch (error) {
    accountOf(place); // says whose it is
    throw diskFailure(place.data, error) ?? error;
  }
}
