import { calcPrice, type MatchLogic, type Provider, waitForUpdate } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { importCatalogue } from '../../src/pricing/import-catalogue.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

/** A use as subctl has it: cached tokens are in the input, written ones beside it; the parts are in the whole. */
interface Counts {
  input: number;
  cached: number;
  written: number;
  written1h: number;
  output: number;
  audioIn: number;
  imageIn: number;
  audioOut: number;
  imageOut: number;
  searches: number;
  fileSearches: number;
}
interface Case extends Counts {
  provider: string;
  model: string;
  at: string;
}

const { sql } = await testDatabase();
let catalogue: Provider[];
let names: { provider: string; model: string }[];
beforeAll(async () => {
  catalogue = (await waitForUpdate())!;
  await asTester(
    sql,
    (tx, change) =>
      importCatalogue(
        tx,
        change,
        catalogue,
        catalogue.map(({ id }) => ({ id, name: id })),
      ),
    new Date('2026-11-25T08:00:00Z'),
  );
  const all = catalogue.flatMap(({ id, models, fallback_model_providers: others = [] }) =>
    [
      ...models,
      ...catalogue.filter((each) => others.includes(each.id)).flatMap((each) => each.models),
    ].flatMap((model) => [model.id, ...examples(model.match)].map((name) => ({ provider: id, model: name }))),
  );
  names = [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
});

/** Names that a matcher takes: of a pattern one that is longer on its open sides. */
function examples(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(examples);
  if ('equals' in match) return [match.equals];
  if ('starts_with' in match) return [match.starts_with, `${match.starts_with}-2026`];
  if ('ends_with' in match) return [match.ends_with, `x/${match.ends_with}`];
  if ('contains' in match) return [match.contains, `x/${match.contains}-v9`];
  if ('regex' in match)
    return [
      match.regex
        .replace(/^\^|\$$/g, '')
        .replace('\\d{8}', '20260115')
        .replace('\\d{4}-\\d{2}-\\d{2}', '2026-01-15')
        .replace('\\d', '7')
        .replace(/\\(.)/g, '$1'),
    ];
  return match.and.flatMap((part) =>
    'starts_with' in part ? [part.starts_with, `${part.starts_with}-preview-05-06`] : [],
  );
}

const unitsOf = (use: Counts) => ({
  cache_write_tokens: use.written,
  cache_write_1h_tokens: use.written1h,
  audio_input_tokens: use.audioIn,
  image_input_tokens: use.imageIn,
  audio_output_tokens: use.audioOut,
  image_output_tokens: use.imageOut,
  searches: use.searches,
  file_searches: use.fileSearches,
});

async function ours(cases: readonly Case[]) {
  const rows = cases.map((use) => ({ ...use, units: unitsOf(use) }));
  return sql<{ cost: string | null; missing: string | null; provider: string }[]>`
    select u.cost, u.missing, u.price_provider as provider
      from jsonb_array_elements(${sql.json(rows as never)}) with ordinality x(c, n)
     cross join lateral subctl_internal.price_usage(c->>'provider', c->>'model', (c->>'at')::timestamptz, 1, 'llm', (c->>'input')::numeric,
                                           (c->>'output')::numeric, (c->>'cached')::numeric, c->'units') u
     order by n`;
}

function theirs(use: Case) {
  const usage = {
    input_tokens: use.input + use.written + use.written1h,
    output_tokens: use.output,
    cache_read_tokens: use.cached,
    cache_write_tokens: use.written + use.written1h,
    cache_write_1h_tokens: use.written1h,
    input_audio_tokens: use.audioIn,
    input_image_tokens: use.imageIn,
    output_audio_tokens: use.audioOut,
    output_image_tokens: use.imageOut,
    web_searches: use.searches,
    storage_searches: use.fileSearches,
  };
  return calcPrice(usage, use.model, { providerId: use.provider, timestamp: new Date(use.at) });
}

/** Which price must be on the card for a part that is not charged as another one is (R26). */
const wants = (use: Counts): [number, string][] => [
  [use.input + use.written + use.written1h - use.audioIn, 'input_mtok'],
  [use.output - use.audioOut - use.imageOut, 'output_mtok'],
  [use.written, 'cache_write_mtok'],
  [use.written1h, 'cache_write_1h_mtok'],
  [use.audioIn, 'input_audio_mtok'],
  [use.audioOut, 'output_audio_mtok'],
  [use.imageOut, 'output_image_mtok'],
  [use.searches, 'web_searches_kcount'],
  [use.fileSearches, 'storage_searches_kcount'],
];

/** What the pinned package calculates, or why it is unpriced here. */
function judge(use: Case, row: { cost: string | null; missing: string | null; provider: string }) {
  const calculated = theirs(use);
  if (row.cost === null) {
    if (!calculated) return undefined;
    const priced = Object.keys(calculated.model_price);
    if (!priced.includes('input_mtok')) return undefined; // pages, seconds, or no price at all
    if (row.missing === 'model') return 'unknown here';
    const lacks = wants(use).some(([amount, key]) => amount > 0 && !priced.includes(key));
    return lacks ? undefined : `unpriced here (${row.missing})`;
  }
  if (!calculated) return 'priced here alone';
  if (
    Array.isArray(calculated.model.prices) &&
    calculated.model.prices.some(({ constraint }) => constraint?.type === 'time_of_date')
  )
    return undefined; // by the hour
  const same =
    Math.abs(Number(row.cost) - calculated.total_price) <= 1e-12 * Math.max(1, calculated.total_price);
  return same ? undefined : `${row.cost} is ${calculated.total_price} there`;
}

const some = (most: number) => fc.oneof(fc.constant(0), fc.integer({ min: 0, max: most }));
const around = fc.oneof(
  some(3_000_000),
  ...[128_000, 200_000, 272_000].map((line) => fc.integer({ min: line - 1, max: line + 1 })),
);
const counts = fc
  .record({
    ...{ input: around, output: some(50_000), written: some(300_000), written1h: some(300_000) },
    ...{
      cachedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      parts: fc.boolean(),
      share: fc.double({ min: 0, max: 0.4, noNaN: true }),
    },
    ...{
      searches: some(20),
      fileSearches: some(20),
      sort: fc.constantFrom('none', 'written', 'audio', 'image', 'searches', 'all'),
    },
  })
  .map(({ cachedShare, share, sort, ...use }): Counts => {
    const has = (wanted: string) => sort === wanted || sort === 'all';
    const part = (wanted: string, of: number) => (has(wanted) ? Math.floor(of * share) : 0);
    const [audioIn, imageIn] = [part('audio', use.input), part('image', use.input)];
    return {
      input: use.input,
      output: use.output,
      cached: Math.floor((use.input - audioIn - imageIn) * cachedShare),
      written: has('written') ? use.written : 0,
      written1h: has('written') && use.parts ? use.written1h : 0,
      ...{ audioIn, imageIn, audioOut: part('audio', use.output), imageOut: part('image', use.output) },
      searches: has('searches') ? use.searches : 0,
      fileSearches: has('searches') && use.parts ? use.fileSearches : 0,
    };
  });
const days = ['2023-01-01', '2025-06-15', '2026-03-13', '2026-08-20', '2026-11-25'];

describe('the pinned package calculates what subctl does', () => {
  test('B4 B5 B6 B30 B31: names, tiers, caches, audio, pictures, searches and fallbacks, to the digit', async () => {
    const cases = fc
      .sample(fc.tuple(counts, fc.nat(), fc.constantFrom(...days), fc.boolean()), { numRuns: 6000, seed: 11 })
      .map(([use, at, day, loud]): Case => {
        const name = names[at % names.length]!;
        return {
          ...use,
          ...name,
          model: loud ? name.model.toUpperCase() : name.model,
          at: `${day}T09:00:00Z`,
        };
      });
    const rows = await ours(cases);
    const wrong = cases
      .map((use, n) => ({ ...use, ...rows[n]!, why: judge(use, rows[n]!) }))
      .filter(({ why }) => why);
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(rows.filter(({ cost }) => cost !== null).length).toBeGreaterThan(3000);
  });
});
