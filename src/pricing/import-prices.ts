import { readFileSync } from 'node:fs';
import { type Change, audit } from '../database/change.ts';
import { shippedPath } from '../catalog/shipped.ts';
import type { Db } from '../database/connect.ts';
import { type ChosenPrices, chooseSources } from './choose-sources.ts';
import { type StoredPrice, findPrices } from './find-prices.ts';
import { type PriceRow, keyOf, priceWord } from './price-row.ts';
import { readPriceList } from './read-price-list.ts';

export interface PriceChange {
  provider: string;
  model: string;
  component: string;
  effectiveFrom: Date;
  source: string;
  /** null: there was none from that instant on */
  before: string | null;
  after: string;
}

export interface ImportedPrices extends Omit<ChosenPrices, 'rows'> {
  changed: boolean;
  added: number;
  /** prices from the same instant on that were otherwise: they have a new revision */
  revised: number;
  unchanged: number;
  changes: PriceChange[];
}

export interface PriceList {
  text: string;
  /** for messages */
  file: string;
  /** in their order; none is the only one of the file */
  sources: readonly string[];
}

/**
 * Adds the prices of a list that are not there yet (K7): a price is never edited, another amount from the same instant on is a new
 * revision, and the same list again adds nothing. Events keep the price that they were recorded with (R25).
 */
export async function importPrices(
  tx: Db,
  change: Change,
  { text, file, sources }: PriceList,
): Promise<ImportedPrices> {
  await lockPrices(tx);
  const present = await findPrices(tx);
  return addNewPrices(
    tx,
    change,
    chooseSources(readPriceList(text, file), { file, sources, present }),
    present,
  );
}

/** One writer of prices at a time: revisions are counted from what is there. */
export async function lockPrices(tx: Db): Promise<void> {
  await tx`select pg_advisory_xact_lock(7317)`;
}

/** Adds those of the chosen prices that are not `present`, with their audit. The caller holds the lock of prices. */
export async function addNewPrices(
  tx: Db,
  change: Change,
  { rows, leftOut, warnings }: ChosenPrices,
  present: readonly StoredPrice[],
): Promise<ImportedPrices> {
  const stored = new Map(present.map((price) => [keyOf(price), price]));
  const news = rows.filter((row) => !isSame(row, stored.get(keyOf(row))));
  await addPrices(tx, change, news);
  const changes = news.map((row) => changeOf(row, stored.get(keyOf(row))));
  await audit(
    tx,
    change,
    changes.map(({ provider, model, component, effectiveFrom, before, after }) => ({
      entity: 'price',
      key: `${provider} ${model} ${component} ${effectiveFrom.toISOString()}`,
      before: before === null ? null : { price: before },
      after: { price: after },
    })),
  );
  const revised = changes.filter(({ before }) => before !== null).length;
  const counts = { added: news.length - revised, revised, unchanged: rows.length - news.length };
  return { changed: news.length > 0, ...counts, changes, leftOut, warnings };
}

/** Adds the prices of some sources of the list that comes with subctl. */
export async function importShippedPrices(
  tx: Db,
  change: Change,
  sources: readonly string[],
): Promise<ImportedPrices> {
  return importPrices(tx, change, { ...shippedPriceList(), sources });
}

/** The price list that comes with subctl. */
export function shippedPriceList(): { text: string; file: string } {
  return { text: readFileSync(shippedPath('prices.csv'), 'utf8'), file: 'prices.csv' };
}

/** Adds rows as they are, each as the next revision of its key, and makes the cards. */
export async function addPrices(tx: Db, change: Change, rows: readonly PriceRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx`
    insert into subctl.prices (provider, model, component, effective_from, revision, unit, amount, per, tiers, source, recorded_at, change_id)
    select r.provider, r.model, r.component, r."effectiveFrom",
           coalesce((select max(p.revision) from subctl.prices p
                      where (p.provider, p.model, p.component, p.effective_from) = (r.provider, r.model, r.component, r."effectiveFrom")), 0) + 1,
           r.unit, r.amount, r.per, r.tiers, r.source, ${change.at}, ${change.id}
      from jsonb_to_recordset(${tx.json(rows as never)}) as r (provider text, model text, component text, "effectiveFrom" timestamptz,
           unit text, amount numeric, per numeric, tiers jsonb, source text)`;
  await tx`select subctl.compile_prices(${change.id})`;
}

function isSame(row: PriceRow, stored: StoredPrice | undefined): boolean {
  return stored !== undefined && priceWord(row) === priceWord(stored) && row.unit === stored.unit;
}

function changeOf(row: PriceRow, stored: StoredPrice | undefined): PriceChange {
  const { provider, model, component, effectiveFrom, source } = row;
  return {
    provider,
    model,
    component,
    effectiveFrom,
    source,
    before: stored ? priceWord(stored) : null,
    after: priceWord(row),
  };
}
