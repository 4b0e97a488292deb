import { readFileSync } from 'node:fs';
import { call } from '../database/call.ts';
import { type Change, audit } from '../database/change.ts';
import { shippedPath } from '../catalog/shipped.ts';
import type { Db } from '../database/connect.ts';
import { copyRows } from '../database/copy-rows.ts';
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
  /** prices that had another amount from the same instant on: they have a new revision */
  revised: number;
  unchanged: number;
  changes: PriceChange[];
}

export interface PriceList {
  text: string;
  /** for messages */
  file: string;
  /** in their order; if none is given, the only one of the file */
  sources: readonly string[];
}

/**
 * Adds the missing prices of a list: a price is never edited, another amount from the same instant on is a new revision, and importing the
 * same list again adds nothing. Events keep the price that they were recorded with (R25).
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

/** Locks prices: revisions are counted from the existing rows. */
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
  await addPrices(tx, change, { rows: news, stored });
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

/** Adds the prices of some sources of the shipped price list. */
export async function importShippedPrices(
  tx: Db,
  change: Change,
  sources: readonly string[],
): Promise<ImportedPrices> {
  return importPrices(tx, change, { ...shippedPriceList(), sources });
}

/** Reads the shipped price list. */
export function shippedPriceList(): { text: string; file: string } {
  return { text: readFileSync(shippedPath('prices.csv'), 'utf8'), file: 'prices.csv' };
}

/** Adds rows by COPY, each as the revision after the one that is stored under its key, and compiles the price cards. */
async function addPrices(
  tx: Db,
  change: Change,
  { rows, stored }: { rows: readonly PriceRow[]; stored: ReadonlyMap<string, StoredPrice> },
): Promise<void> {
  if (rows.length === 0) return;
  const at = change.at.toISOString();
  await copyRows(tx, {
    table: 'subctl.prices',
    columns: [
      { name: 'provider', read: ({ provider }) => provider },
      { name: 'model', read: ({ model }) => model },
      { name: 'component', read: ({ component }) => component },
      { name: 'effective_from', read: ({ effectiveFrom }) => effectiveFrom.toISOString() },
      { name: 'revision', read: (row) => String((stored.get(keyOf(row))?.revision ?? 0) + 1) },
      { name: 'unit', read: ({ unit }) => unit },
      { name: 'amount', read: ({ amount }) => amount },
      { name: 'per', read: ({ per }) => per },
      { name: 'tiers', read: ({ tiers }) => JSON.stringify(tiers) },
      { name: 'source', read: ({ source }) => source },
      { name: 'recorded_at', read: () => at },
      { name: 'change_id', read: () => change.id },
    ],
    rows,
  });
  await call(tx, 'subctl_internal.compile_prices', { p_change: change.id });
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
