import { describe, expect, test } from 'vitest';
import { estimateCost } from '../../src/pricing/estimate-cost.ts';
import { importPrices, shippedPriceList } from '../../src/pricing/import-prices.ts';
import type { Connection } from '../../src/database/connect.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

const late = new Date('2026-06-01T00:00:00Z');

interface Asked {
  requests?: string;
  inputTokens?: string;
  outputTokens?: string;
  cachedTokens?: string;
  units?: Record<string, string>;
  at?: Date;
}

/** The cost of a use in a database with the shipped prices of some sources. */
function pricer(sql: Connection) {
  return async (provider: string, model: string, asked: Asked) => {
    const nothing = {
      requests: undefined,
      inputTokens: undefined,
      outputTokens: undefined,
      cachedTokens: undefined,
    };
    const { cost } = await estimateCost(sql, { provider, model, at: late, units: {}, ...nothing, ...asked });
    return cost;
  };
}

async function withSources(...sources: string[]) {
  const { sql } = await testDatabase({ max: 2 });
  await asTester(sql, (tx, change) => importPrices(tx, change, { ...shippedPriceList(), sources }));
  return { sql, cost: pricer(sql) };
}

const flash = { inputTokens: '1000', outputTokens: '500' };

describe('the prices of the documents', async () => {
  const { cost, sql } = await withSources('doc-003', 'doc-004');

  test.each([
    ['G27 a thousand tokens in and five hundred out', 'gemini', 'gemini-2.5-flash', flash, '0.0003125'],
    ['G28 the larger model, both parts', 'gemini', 'gemini-2.5-pro', flash, '0.00625'],
    [
      'G29 the default of a provider',
      'huggingface',
      'default',
      { inputTokens: '2000', outputTokens: '1000' },
      '0.005',
    ],
    [
      'G29 a model without a price of its own takes the default',
      'huggingface',
      'llama',
      { inputTokens: '2000', outputTokens: '1000' },
      '0.005',
    ],
    ['G30 seven searches', 'tavily', 'tavily-search', { requests: '7' }, '0.007'],
    ['G30 three searches', 'metaphor', 'metaphor-search', { requests: '3' }, '0.009'],
    ['G30 two searches at the document price', 'exa', 'exa-search', { requests: '2' }, '0.006'],
  ] as const)('%s', async (_, provider, model, asked, expected) => {
    expect(await cost(provider, model, asked)).toBe(expected);
  });

  test('G33 calls of 0.0003125 sum exactly: ten thousand to 3.125, and so a million to 312.5', async () => {
    const [row] = await sql`
      select trim_scale(sum(u.cost))::text as total
        from generate_series(1, 10000) call
       cross join lateral subctl_internal.price_usage('gemini', 'gemini-2.5-flash', ${late}, call * 0 + 1, 'llm', 1000, 500, null, null) u`;
    expect(row).toEqual({ total: '3.125' });
    expect(
      await cost('gemini', 'gemini-2.5-flash', { inputTokens: '1000000000', outputTokens: '500000000' }),
    ).toBe('312.5');
  });

  test('R26 a model or provider without a price is unpriced, never 0', async () => {
    await expect(cost('gemini', 'gemini-9', flash)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(cost('nobody', 'gemini-2.5-flash', flash)).rejects.toMatchObject({ kind: 'not_found' });
  });

  test('R25 before a price holds the use is unpriced', async () => {
    const at = new Date('2024-12-31T23:59:59Z');
    await expect(cost('gemini', 'gemini-2.5-flash', { ...flash, at })).rejects.toMatchObject({
      kind: 'not_found',
    });
    expect(await cost('gemini', 'gemini-2.5-flash', { ...flash, at: new Date('2025-01-01T00:00:00Z') })).toBe(
      '0.0003125',
    );
  });
});

describe('the prices of the code, old ones first', async () => {
  const { cost } = await withSources('code-old', 'code');
  const on = (day: string) => ({ ...flash, at: new Date(`${day}T12:00:00Z`) });

  test.each([
    ['G27 the last prices', 'gemini', 'gemini-2.5-flash', flash, '0.00155'],
    ['G32 a price of its own day', 'gemini', 'gemini-2.5-flash', on('2025-09-05'), '0.0008125'],
    ['G32 the prices a week later', 'gemini', 'gemini-2.5-flash', on('2025-09-12'), '0.00155'],
    ['G30 two searches at the code price', 'exa', 'exa-search', { requests: '2' }, '0.01'],
    ['G30 twelve pages', 'firecrawl', 'firecrawl-extract', { units: { pages: '12' } }, '0.024'],
    ['G30 twelve pages, counted as requests', 'firecrawl', 'firecrawl-extract', { requests: '12' }, '0.024'],
    ['G30 three images', 'stability', 'stable-diffusion', { requests: '3' }, '0.12'],
    [
      'G30 two thousand characters of speech',
      'audio',
      'minimax/speech-02-hd',
      { units: { characters: '2000' } },
      '0.1',
    ],
    ['G30 four grounded searches', 'gemini', 'gemini-grounding-search', { requests: '4' }, '0.14'],
    ['G31 one image of one price', 'stability', 'qwen-image', { units: { images: '1' } }, '0.03'],
    [
      'K11 a request and its characters add up',
      'audio',
      'alwrity-ai/cosyvoice/voice-clone',
      { units: { characters: '1000' } },
      '0.16',
    ],
  ] as const)('%s', async (_, provider, model, asked, expected) => {
    expect(await cost(provider, model, asked)).toBe(expected);
  });

  test('K9 characters that are charged and were not given are unpriced', async () => {
    await expect(cost('audio', 'default', {})).rejects.toThrow(/priced by character/);
    await expect(cost('firecrawl', 'firecrawl-extract', {})).rejects.toThrow(/priced by page/);
  });

  test('R26 tokens of a model that has no price for tokens are unpriced', async () => {
    await expect(cost('tavily', 'tavily-search', { inputTokens: '5' })).rejects.toThrow(/priced by search/);
    await expect(cost('gemini', 'gemini-embedding', { inputTokens: '5', outputTokens: '5' })).rejects.toThrow(
      /do not fit/,
    );
  });

  test('K3 no digit is lost', async () => {
    expect(await cost('gemini', 'gemini-1.5-flash-8b', { inputTokens: '1', outputTokens: '0' })).toBe(
      '0.0000000375',
    );
    expect(
      await cost('gemini', 'gemini-1.5-flash-8b', { inputTokens: '123456789012345', outputTokens: '7' }),
    ).toBe('4629629.5879639875');
  });
});
