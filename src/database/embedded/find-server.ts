import { existsSync } from 'node:fs';
import { accountOf } from './account.ts';
import { diskFailure } from './disk.ts';
import { doorOf } from './launch.ts';
import type { Place } from './place.ts';
import { canConnect, pidOf, pidState } from './postmaster.ts';

/**
 * The pid of the server of `place` if it runs and answers; starts nothing and changes nothing.
 * @throws Failure config when the data belongs to another account
 */
export async function findServer(place: Place): Promise<number | undefined> {
  if (!existsSync(place.home)) return undefined;
  try {
    const runs = pidState(place) === 'ready' && (await canConnect(doorOf(place)));
    return runs ? pidOf(place) : undefined;
  } catch (error) {
    accountOf(place); // says whose it is
    throw diskFailure(place.data, error) ?? error;
  }
}
