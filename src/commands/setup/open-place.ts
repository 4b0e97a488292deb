import { findDatabase, isExternal } from '../../database/connect.ts';
import { hasCluster } from '../../database/embedded/cluster.ts';
import { embeddedPaths } from '../../database/embedded/embedded-paths.ts';
import type { Context } from '../context.ts';

/** Where the database is that is set up. */
export interface SetUpPlace {
  database: 'external' | 'embedded';
  /** folder of the embedded one */
  home: string | null;
  /** it was made just now */
  made: boolean;
  /** there is none, and a dry run makes none */
  wouldMake: boolean;
}

/** Sees to it that there is a database: the embedded one is made where there is none, but not by a dry run. */
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
