import { waitForUpdate } from '@pydantic/genai-prices';
import { beforeAll, describe, expect, it } from 'vitest';
import { amountsOf, gather, nothingYet } from '../../src/library/calls/usage.ts';
import { importCatalogue } from '../../src/pricing/import-catalogue.ts';
import { asTester } from '../support/catalogue.ts';
import { testDatabase } from '../support/database.ts';

const { sql } = await testDatabase();
beforeAll(async () => {
  const catalogue = (await waitForUpdate())!;
  const providers = ['anthropic', 'openai', 'perplexity', 'google'].map((id) => ({ id, name: id }));
  await asTester(
    sql,
    (tx, change) => importCatalogue(tx, change, catalogue, providers),
    new Date('2026-11-25T00:00Z'),
  );
});

describe('what answers of providers say', () => {
  const priced = async (provider: string, model: string, answer: object) => {
    const {
      inputTokens,
      outputTokens,
      cachedTokens = null,
      units,
    } = amountsOf(gather(nothingYet(), answer))!;
    const [row] = await sql`
      select cost from subctl_internal.price_usage(${provider}, ${model}, '2026-11-25', 1, 'llm', ${inputTokens as number}, ${outputTokens as number},
                                          ${cachedTokens as number | null}, ${units ? sql.json(units as never) : null})`;
    return row!.cost as string | null;
  };
  const anthropic = (usage: object) => priced('anthropic', 'claude-sonnet-4-5', { usage });
  it.each([{ cache_creation_input_tokens: 10_000 }, {}])(
    'B6: ten thousand tokens written for an hour cost 0.06 at claude-sonnet-4-5',
    async (total) => {
      const cache_creation = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 10_000 };
      expect(await anthropic({ input_tokens: 100, output_tokens: 10, ...total, cache_creation })).toBe(
        '0.06045',
      );
    },
  );
  it('B6: writes of both kinds in one answer', async () => {
    const cache_creation = { ephemeral_5m_input_tokens: 4_000, ephemeral_1h_input_tokens: 6_000 };
    expect(
      await anthropic({
        input_tokens: 100,
        output_tokens: 10,
        cache_creation_input_tokens: 10_000,
        cache_creation,
      }),
    ).toBe('0.05145');
  });
  it.each(['prompt', 'input'])(
    'B6: OpenAI counts written tokens within its %s tokens, and they cost what is written',
    async (name) => {
      const usage = { [`${name}_tokens`]: 1000, [`${name}_tokens_details`]: { cache_write_tokens: 1000 } };
      expect(await priced('openai', 'gpt-5.6-sol', { usage })).toBe('0.005');
    },
  );
  it('B5: searches of Anthropic, OpenAI and Perplexity', async () => {
    const searched = { input_tokens: 1000, output_tokens: 100, server_tool_use: { web_search_requests: 5 } };
    expect(await anthropic(searched)).toBe('0.0545');
    expect(
      await priced('perplexity', 'sonar', { usage: { prompt_tokens: 1000, completion_tokens: 100 } }),
    ).toBe('0.0131');
    const output = [
      { type: 'web_search_call', action: { type: 'search' } },
      { type: 'web_search_call', action: { type: 'open_page' } },
      { type: 'file_search_call' },
    ];
    const answer = { output, usage: { input_tokens: 1000, output_tokens: 100 } };
    expect(await priced('openai', 'gpt-5', answer)).toBe('0.01475');
  });
  it('B6: audio and pictures cost their own price, and what has none is unpriced', async () => {
    const usage = {
      promptTokenCount: 1000,
      candidatesTokenCount: 1290,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 400 },
        { modality: 'AUDIO', tokenCount: 600 },
      ],
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
    };
    expect(
      await priced('google', 'gemini-2.5-flash-image', {
        usageMetadata: { ...usage, promptTokensDetails: [] },
      }),
    ).toBe('0.039');
    expect(
      await priced('google', 'gemini-2.5-flash', {
        usageMetadata: { ...usage, candidatesTokensDetails: [] },
      }),
    ).toBe('0.003945');
    expect(await priced('google', 'gemini-2.5-flash', { usageMetadata: usage })).toBeNull();
    const spoken = { prompt_tokens: 100, completion_tokens: 10, prompt_tokens_details: { audio_tokens: 50 } };
    expect(await priced('openai', 'gpt-4o', { usage: spoken })).toBeNull();
    expect(await priced('openai', 'gpt-audio', { usage: spoken })).toBe('0.001825');
  });
  it('B6: reasoning that is counted beside the answer is added to it, and within it is not', async () => {
    const told = (total: number) =>
      amountsOf(
        gather(nothingYet(), {
          usage: {
            prompt_tokens: 10,
            completion_tokens: 5,
            total_tokens: total,
            completion_tokens_details: { reasoning_tokens: 100 },
          },
        }),
      )!.outputTokens;
    expect([told(115), told(15)]).toEqual([105, 5]);
    const deep = {
      prompt_tokens: 1000,
      completion_tokens: 100,
      reasoning_tokens: 1000,
      citation_tokens: 500,
      num_search_queries: 2,
    };
    expect(await priced('perplexity', 'sonar-deep-research', { usage: deep })).toBe('0.0168');
  });
});
