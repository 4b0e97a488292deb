import type { ConditionalPrice, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import Big from 'big.js';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import { isPlain, matches, patternsOf } from './match-patterns.ts';
import type { PriceRow, PriceTier } from './price-row.ts';

/** Prices of the catalogue without a first day are valid from the beginning. */
export const sinceEver = new Date(0);

/** Parts of the catalogue that our prices cannot express: reported, never guessed. */
export interface LeftOutPrice {
  provider: string;
  model: string;
  component: string;
  reason: string;
}

export interface CataloguePrices {
  rows: PriceRow[];
  leftOut: LeftOutPrice[];
}

/** The edition of the catalogue that is shipped with this version of subctl. */
export const edition = '0.1.8';

/** A provider of the catalogue, by its id there, and its name in the database: google may be gemini. */
export interface CatalogueProvider {
  id: string;
  name: string;
}

/** The source of a price of the catalogue. */
export function sourceOf(id: string): string {
  return `genai-prices@${edition}/${id}`;
}

/** The provider's id in a source of any edition; undefined for another source. */
export function idOfSource(source: string): string | undefined {
  return /^genai-prices@[^/]+\/(.+)$/.exec(source)?.[1];
}

interface Component {
  component: string;
  unit: string;
  per: string;
}

const tokens = (component: string): Component => ({ component, unit: 'token', per: '1000000' });
const each = (component: string, per: string): Component => ({ component, unit: component, per });

/** The catalogue's keys of prices and our components. When two keys mean one component, the first that a model has counts. */
const componentOf: Record<string, Component> = {
  input_mtok: tokens('input_tokens'),
  output_mtok: tokens('output_tokens'),
  cache_read_mtok: tokens('cached_input_tokens'),
  cache_write_mtok: tokens('cache_write_tokens'),
  cache_write_1h_mtok: tokens('cache_write_1h_tokens'),
  input_audio_mtok: tokens('audio_input_tokens'),
  input_image_mtok: tokens('image_input_tokens'),
  input_video_mtok: tokens('video_input_tokens'),
  cache_audio_read_mtok: tokens('cached_audio_input_tokens'),
  cache_image_read_mtok: tokens('cached_image_input_tokens'),
  output_audio_mtok: tokens('audio_output_tokens'),
  output_image_mtok: tokens('image_output_tokens'),
  output_video_mtok: tokens('video_output_tokens'),
  output_reasoning_mtok: tokens('reasoning_output_tokens'),
  output_citation_mtok: tokens('citation_output_tokens'),
  requests_kcount: each('request', '1000'),
  web_searches_kcount: each('search', '1000'),
  storage_searches_kcount: each('file_search', '1000'),
  input_document_kpages: each('page', '1000'),
  audio_hours: each('second', '3600'),
  input_audio_hours: each('second', '3600'),
};

/**
 * Returns the prices of the offline catalogue `@pydantic/genai-prices` as rows: one for each name and pattern of a model and each instant
 * from which a price is valid. A name that several models claim belongs to the first one, as in the catalogue.
 * @throws Failure not_found for a provider that it does not have
 */
export function readCataloguePrices(
  catalogue: readonly Provider[],
  wanted: readonly CatalogueProvider[],
): CataloguePrices {
  const read: CataloguePrices = { rows: [], leftOut: [] };
  for (const { id, name: ours } of wanted) {
    const provider = find(catalogue, id);
    const source = sourceOf(id);
    const claimed = new Set<string>();
    for (const model of provider.models) {
      const steps = stepsOf(model);
      const names = namesOf(model, provider.models).filter((name) => !claimed.has(name.toLowerCase()));
      for (const name of names) claimed.add(name.toLowerCase());
      for (const { reason, component } of omissionsOf(model))
        read.leftOut.push({ provider: ours, model: model.id, component, reason });
      for (const name of names)
        for (const { from, prices } of steps)
          read.rows.push(...rowsOf(prices, { provider: ours, model: name, effectiveFrom: from, source }));
    }
  }
  return read;
}

function find(catalogue: readonly Provider[], id: string): Provider {
  const found = catalogue.find((provider) => provider.id === id);
  if (found) return found;
  const known = catalogue.map((provider) => provider.id);
  const near = nearest(id, known);
  throw new Failure(
    'not_found',
    `The catalogue has no provider '${id}'${near ? `, did you mean ${near}?` : ''}`,
    {
      hint: `It has: ${known.join(', ')}`,
    },
  );
}

/** The model's id, where the catalogue matches it to this model, and its patterns. */
function namesOf(model: ModelInfo, all: readonly ModelInfo[]): string[] {
  const own = all.find(({ match }) => matches(match, model.id)) === model ? [model.id] : [];
  return [...new Set([...own, ...patternsOf(model.match)])].filter((name) => name !== '*');
}

/** The prices of a model with the instant from which each is valid, without those of some hours of the day. */
function stepsOf({ prices }: ModelInfo): { from: Date; prices: ModelPrice }[] {
  if (!Array.isArray(prices)) return [{ from: sinceEver, prices }];
  return prices
    .filter((step) => !isOfHours(step))
    .map(({ constraint, prices: held }, at) => ({
      from:
        at === 0 || constraint?.type !== 'start_date'
          ? sinceEver
          : new Date(`${constraint.start_date.slice(0, 10)}T00:00:00Z`),
      prices: held,
    }));
}

function isOfHours({ constraint }: ConditionalPrice): boolean {
  return constraint?.type === 'time_of_date';
}

function rowsOf(
  prices: ModelPrice,
  place: Pick<PriceRow, 'provider' | 'model' | 'effectiveFrom' | 'source'>,
): PriceRow[] {
  const rows = new Map<string, PriceRow>();
  for (const [key, { component, unit, per }] of Object.entries(componentOf)) {
    const price = prices[key] ?? (key === 'output_image_mtok' ? paintedBy(prices) : undefined);
    if (price === undefined || rows.has(component)) continue;
    const amount = typeof price === 'number' ? price : price.base;
    const tiers: PriceTier[] =
      typeof price === 'number'
        ? []
        : price.tiers.map((tier) => ({ above: String(tier.start), amount: exact(tier.price), per }));
    rows.set(component, { ...place, component, unit, amount: exact(amount), per, tiers });
  }
  return [...rows.values()];
}

/** A model with a price for input images, and none for output images, prices its output as text. */
function paintedBy(prices: ModelPrice): ModelPrice[string] {
  return prices['input_image_mtok'] === undefined || prices['output_audio_mtok'] !== undefined
    ? undefined
    : prices['output_mtok'];
}

/** The catalogue's decimals are JavaScript numbers: their shortest text is what its authors wrote. */
function exact(price: number): string {
  return new Big(String(price)).toFixed();
}

function omissionsOf(model: ModelInfo): { component: string; reason: string }[] {
  const steps = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const keys = new Set(steps.flatMap((step) => Object.keys(step.prices)));
  const odd = [...keys].filter((key) => !(key in componentOf));
  return [
    ...odd.map((component) => ({ component, reason: 'usage is not counted by it' })),
    ...(steps.some((step) => isOfHours(step))
      ? [{ component: 'hours', reason: 'a price for some hours of the day is not supported' }]
      : []),
    ...(isPlain(model.match)
      ? []
      : [
          {
            component: 'names',
            reason: 'some of its names are given as a regular expression or as several conditions',
          },
        ]),
  ];
}
