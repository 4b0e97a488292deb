import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type LoadedCatalogue, loadCatalogue } from './load-catalogue.ts';
import type { OpenedCatalogue } from './open-catalogue.ts';
import { readAgainst } from './read-against.ts';
import type { ReadCatalogue } from './read-catalogue.ts';

/** Reads an opened file and loads it. The caller makes the change and imports the prices that belong to it. */
export async function loadFrom(
  tx: Db,
  change: Change,
  { opened, update }: { opened: OpenedCatalogue; update: boolean },
): Promise<LoadedCatalogue & Omit<ReadCatalogue, 'catalogue'>> {
  const { catalogue, ...rest } = await readAgainst(tx, opened);
  return { ...(await loadCatalogue(tx, change, { catalogue, name: opened.name, update })), ...rest };
}
