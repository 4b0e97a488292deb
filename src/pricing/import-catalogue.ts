import type { Provider } from '@pydantic/genai-prices';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import {
  type CatalogueProvider,
  type LeftOutPrice,
  idOfSource,
  readCataloguePrices,
  sinceEver,
} from './catalogue-prices.ts';
import { chooseSources } from './choose-sources.ts';
import { type StoredPrice, findPrices } from './find-prices.ts';
import { importFallbacks } from './fallbacks.ts';
import { type ImportedPrices, addNewPrices, lockPrices } from './import-prices.ts';
import { type PriceRow, priceWord } from './price-row.ts';

export interface ImportedCatalogue extends Omit<ImportedPrices, 'leftOut'> {
  leftOut: LeftOutPrice[];
}

/**
 * Adds the missing prices of the offline catalogue. A price without a day is valid from the beginning the first time. When a later edition
 * changes it, the new price is valid from `change.at` on, so that earlier events keep their price (R25). Importing the same edition again
 * adds nothing.
 */
export async function importCatalogue(
  tx: Db,
  change: Change,
  catalogue: readonly Provider[],
  providers: readonly CatalogueProvider[],
): Promise<ImportedCatalogue> {
  const { rows, leftOut } = readCataloguePrices(catalogue, providers);
  await lockPrices(tx);
  const present = await findPrices(tx);
  const dated = datedBy(rows, await findPrices(tx, { at: change.at }), change.at);
  const sources = [...new Set(dated.map(({ source }) => source))];
  const chosen = chooseSources(dated, { file: 'the catalogue', sources, present });
  const added = await addNewPrices(tx, change, chosen, present);
  const known = [...providers, ...(await findCatalogueProviders(tx))];
  const others = await importFallbacks(tx, change, { catalogue, providers, known });
  return { ...added, changed: added.changed || others, leftOut: [...leftOut, ...added.leftOut] };
}

/** The providers whose prices came from the catalogue, of any edition. */
export async function findCatalogueProviders(db: Db): Promise<CatalogueProvider[]> {
  const rows = await db<{ name: string; source: string }[]>`
    select distinct provider as name, source from subctl.prices where source like 'genai-prices@%' order by 1, 2`;
  const pairs = rows.map(
    ({ name, source }) => [`${name} ${idOfSource(source)!}`, { id: idOfSource(source)!, name }] as const,
  );
  return [...new Map(pairs).values()];
}

/** A price without a day that replaces another is valid from `now` on; where the catalogue names days, they apply. */
function datedBy(rows: readonly PriceRow[], held: readonly StoredPrice[], now: Date): PriceRow[] {
  const holding = new Map(held.map((price) => [placeOf(price), price]));
  const steps = new Map<string, number>();
  for (const row of rows) steps.set(placeOf(row), (steps.get(placeOf(row)) ?? 0) + 1);
  return rows.map((row) => {
    const before = holding.get(placeOf(row));
    if (!before || row.effectiveFrom > sinceEver || steps.get(placeOf(row))! > 1) return row;
    return { ...row, effectiveFrom: priceWord(before) === priceWord(row) ? before.effectiveFrom : now };
  });
}

function placeOf({ provider, model, component }: PriceRow): string {
  return JSON.stringify([provider, model, component]);
}
