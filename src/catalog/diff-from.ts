import type { Db } from '../database/connect.ts';
import type { Catalogue } from './catalogue.ts';
import { type PartDifference, compareCatalogues } from './compare-catalogues.ts';
import { findCatalogue } from './find-catalogue.ts';
import type { OpenedCatalogue } from './open-catalogue.ts';
import { readAgainst } from './read-against.ts';

/** Lists what loading an opened file would change; nothing when the database has all of it. */
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
