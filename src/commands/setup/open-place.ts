import { findDatabase, isExternal } from '../../database/connect.ts';
import { hasCluster } from '../../database/embedded/cluster.ts';
import { embeddedPaths } from '../../database/embedded/embedded-paths.ts';
import type { Context } from '../context.ts';

/** Location of the database to set up. */
export interface SetUpPlace {
  database: 'external' | 'embedded';
  /** folder of the embedded database */
  home: string | null;
  /** the embedded database was created by this run */
  made: boolean;
  /** there is no database yet, and this is a dry run */
  wouldMake: boolean;
}

/** Finds the database. Creates the embedded one if it is missing, except in a dry run. */
export async function openPlace(context: Context): Promise<SetUpPlace> {
  const { database } = await context.settings();
  if (isExternal(database)) return { database: 'external', home: null, made: false, wouldMake: false };
  const place = embeddedPaths(database.home);
  const missing = !hasCluster(place);
  if (missing && context.dryRun)
    return { database: 'embedded', home: place.home, made: false, wouldMake: true };
  await findDatabase({ ...database, mayCreate: true });
  return { database: 'embedded', home: place.home, made: missing, wouldMake: false };
}
