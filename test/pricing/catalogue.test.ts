import { calcPrice, type Provider, waitForUpdate } from '@pydantic/genai-prices';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { edition, readCataloguePrices } from '../../src/pricing/catalogue-prices.ts';
import { findPrices } from '../../src/pricing/find-prices.ts';
import { findCatalogueProviders, importCatalogue } from '../../src/pricing/import-catalogue.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

const everything = (catalogue: readonly Provider[]) => catalogue.map(({ id }) => ({ id, name: id }));
const instants = [
  '2023-01-01T00:00:00Z',
  '2025-06-15T12:00:00Z',
  '2026-03-13T00:00:00Z',
  '2026-11-25T09:00:00Z',
];
/** fresh, cached and answered tokens; large prompts lie beyond every tier */
const uses = [
  [1_000, 0, 500],
  [120_000, 20_000, 3_000],
  [1_500_001, 1, 7],
];

test('the edition is the one of the package', () => {
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  expect(lock.packages['node_modules/@pydantic/genai-prices']?.version).toBe(edition);
});

describe('the offline catalogue', async () => {
  const { sql } = await testDatabase();
  const at = (instant: string) => new Date(instant);
  let catalogue: Provider[];
  beforeAll(async () => {
    catalogue = (await waitForUpdate())!;
    await asTester(
      sql,
      (tx, change) => importCatalogue(tx, change, catalogue, everything(catalogue)),
      at('2026-11-25T08:00:00Z'),
    );
  });

  test('K3 K11: every model costs here what the catalogue itself calculates, cached and large prompts too, at four instants', async () => {
    const asked = readCataloguePrices(catalogue, everything(catalogue))
      .rows.filter(({ component, model }) => component === 'input_tokens' && !model.includes('*'))
      .map(({ provider, model }) => ({ provider, model }));
    const names = [...new Map(asked.map((each) => [JSON.stringify(each), each])).values()];
    const cases = names.flatMap((name) =>
      instants.flatMap((at) => uses.map((use) => ({ ...name, at, use }))),
    );
    const costs = await sql<{ cost: string | null }[]>`
      select u.cost from jsonb_to_recordset(${sql.json(cases as never)}) as c(provider text, model text, at timestamptz, use numeric[])
       cross join lateral subctl_internal.price_usage(c.provider, c.model, c.at, 1, 'llm', c.use[1], c.use[3], c.use[2], null) u`;
    let compared = 0;
    const wrong: unknown[] = [];
    for (const [n, { provider, model, at: instant, use }] of cases.entries()) {
      const [input, cached, output] = use as [number, number, number];
      const theirs = calcPrice(
        { input_tokens: input, cache_read_tokens: cached, output_tokens: output },
        model,
        { providerId: provider, timestamp: new Date(instant) },
      );
      const ours = costs[n]!.cost;
      // by the hour, by the request and by the page: left out by name, and so are models without a price of the answer
      if (!theirs || ours === null || !isOfTokens(theirs.model_price)) continue;
      if (hasHours(theirs.model.prices)) continue;
      compared += 1;
      if (Math.abs(Number(ours) - theirs.total_price) > 1e-9 * Math.max(1, theirs.total_price))
        wrong.push({ provider, model, instant, use, ours, theirs: theirs.total_price });
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(compared).toBeGreaterThan(15_000);
  });

  test('K7: the same edition again adds nothing, and sync knows whose prices are of it', async () => {
    const again = await asTester(
      sql,
      (tx, change) => importCatalogue(tx, change, catalogue, everything(catalogue)),
      at('2026-11-26T08:00:00Z'),
    );
    expect(again).toMatchObject({ added: 0, revised: 0, changed: false });
    expect(await findCatalogueProviders(sql)).toContainEqual({ id: 'openai', name: 'openai' });
  });

  test('R25: a later edition with another price holds from its import on; events before keep theirs', async () => {
    const model = 'mistral-large-latest';
    const dearer = catalogue.map((provider) =>
      provider.id === 'mistral'
        ? {
            ...provider,
            models: [{ id: model, match: { equals: model }, prices: { input_mtok: 99, output_mtok: 99 } }],
          }
        : provider,
    );
    const done = await asTester(
      sql,
      (tx, change) => importCatalogue(tx, change, dearer, [{ id: 'mistral', name: 'mistral' }]),
      at('2026-12-01T00:00:00Z'),
    );
    expect(done.changes.filter((each) => each.model === model)).toContainEqual(
      expect.objectContaining({ effectiveFrom: at('2026-12-01T00:00:00Z'), after: '99 per 1000000' }),
    );
    const held = (instant: string) => findPrices(sql, { provider: 'mistral', model, at: at(instant) });
    expect((await held('2026-11-30T23:59:59Z')).map(({ amount }) => amount)).not.toContain('99');
    expect((await held('2026-12-01T00:00:00Z')).map(({ amount }) => amount)).toContain('99');
  });
});

test('a provider may have another name here, and an unknown one is refused with the nearest', async () => {
  const catalogue = (await waitForUpdate())!;
  const { rows } = readCataloguePrices(catalogue, [{ id: 'google', name: 'gemini' }]);
  expect(new Set(rows.map(({ provider }) => provider))).toEqual(new Set(['gemini']));
  expect(() => readCataloguePrices(catalogue, [{ id: 'opnai', name: 'x' }])).toThrow(/did you mean openai\?/);
});

const tokenKeys = new Set([
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
  'web_searches_kcount',
]);
function isOfTokens(prices: object): boolean {
  const keys = Object.keys(prices);
  return (
    keys.includes('input_mtok') && keys.includes('output_mtok') && keys.every((key) => tokenKeys.has(key))
  );
}

function hasHours(prices: Provider['models'][number]['prices']): boolean {
  return Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date');
}
