import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { Catalogue } from './catalogue.ts';
import { type PartDifference, compareCatalogues } from './compare-catalogues.ts';
import { findCatalogue } from './find-catalogue.ts';
import { findKinds, findMeters } from './find-meters.ts';
import { type LoadedCatalogue, loadCatalogue } from './load-catalogue.ts';
import type { OpenedCatalogue } from './open-catalogue.ts';
import { type ReadCatalogue, readCatalogue } from './read-catalogue.ts';
import { readStandard } from './shipped.ts';

/** Reads an opened file against what the database knows: its own kinds and meters need no declaration. */
export async function readAgainst(db: Db, { file, value }: OpenedCatalogue): Promise<ReadCatalogue> {
  const known = { kinds: await findKinds(db), meters: await findMeters(db) };
  return readCatalogue(value, { file, standard: readStandard(), known });
}

/** Reads an opened file and loads it. The change is the caller's, and so is importing the prices that go with it. */
export async function loadFrom(
  tx: Db,
  change: Change,
  { opened, update }: { opened: OpenedCatalogue; update: boolean },
): Promise<LoadedCatalogue & Omit<ReadCatalogue, 'catalogue'>> {
  const { catalogue, ...rest } = await readAgainst(tx, opened);
  return { ...(await loadCatalogue(tx, change, { catalogue, name: opened.name, update })), ...rest };
}

/** What loading an opened file would change; nothing when the database has all of it. */
export async function diffFrom(
  db: Db,
  opened: OpenedCatalogue,
): Promise<{ found: PartDifference[]; beside: string[]; catalogue: Catalogue }> {
  const { catalogue } = await readAgainst(db, opened);
  const stored = await findCatalogue(db);
  const ids = catalogue.plans.map(({ id }) => id);
  return {
    found: compareCatalogues(stored, catalogue),
    beside: stored.plans.map(({ id }) => id).filter((id) => !ids.includes(id)),
    catalogue,
  };
}
