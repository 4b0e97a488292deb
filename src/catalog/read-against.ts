import type { Db } from '../database/connect.ts';
import { findKinds, findMeters } from './find-meters.ts';
import type { OpenedCatalogue } from './open-catalogue.ts';
import { type ReadCatalogue, readCatalogue } from './read-catalogue.ts';
import { readStandard } from './shipped.ts';

/** Reads an opened file together with the database's own kinds and meters, which the file need not declare. */
export async function readAgainst(db: Db, { file, value }: OpenedCatalogue): Promise<ReadCatalogue> {
  const known = { kinds: await findKinds(db), meters: await findMeters(db) };
  return readCatalogue(value, { file, standard: readStandard(), known });
}
