import { extractUsage, waitForUpdate } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readServerEvents } from '../../src/library/calls/events.ts';
import { providerAt } from '../../src/library/calls/providers.ts';
import { recogniseCall } from '../../src/library/calls/recognise.ts';
import { amountsOf, gather, nothingYet } from '../../src/library/calls/usage.ts';
import { openaiSamples } from './answers-openai.ts';
import { otherSamples } from './answers-others.ts';

const samples = [...openaiSamples, ...otherSamples];

const said = (answers: unknown[]) =>
  amountsOf(answers.reduce<ReturnType<typeof nothingYet>>(gather, nothingYet()));
const counted = samples.filter(({ amounts }) => 'inputTokens' in amounts || amounts.units);

describe('what a call uses', () => {
  it.each(samples)('U10: $name is seen in its address and body', ({ url, body, provider, kind, model }) => {
    expect(recogniseCall({ url: new URL(url), method: 'POST', body })).toMatchObject({
      provider,
      kind,
      model,
    });
  });

  it.each(counted)(
    'DESIGN §7: $name says what it used, cached tokens among the input',
    ({ answer, events, amounts }) => {
      expect(said(events ?? [answer])).toEqual(amounts);
    },
  );

  it('what uses nothing is let through: lists of models, counts of tokens, other addresses', () => {
    const see = (url: string, method = 'POST') =>
      recogniseCall({ url: new URL(url), method, body: { model: 'm' } });
    expect(see('https://api.openai.com/v1/models', 'GET')).toBeUndefined();
    expect(see('https://api.anthropic.com/v1/messages/count_tokens')).toBeUndefined();
    expect(
      see('https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens'),
    ).toBeUndefined();
    expect(see('https://example.com/api')).toBeUndefined();
    expect(see('http://localhost:11434/v1/chat/completions')).toMatchObject({
      kind: 'llm',
      provider: undefined,
      model: 'm',
    });
  });

  it('R18: an estimate counts words by their size and answers by what is allowed; pictures are not words', () => {
    const see = (body: object) =>
      recogniseCall({ url: new URL(samples[0]!.url), method: 'POST', body })!.amounts;
    const picture = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(4_000)}` } };
    const content = [{ type: 'text', text: 'x'.repeat(400) }, picture];
    expect(see({ messages: [{ role: 'user', content }], max_tokens: 70, n: 2 })).toEqual({
      inputTokens: 100,
      outputTokens: 140,
    });
    expect(see({ messages: [] })).toEqual({ inputTokens: 0, outputTokens: 1_000 });
    expect(see({ prompt: [1, 2, 3], max_completion_tokens: 5 })).toEqual({ inputTokens: 3, outputTokens: 5 });
  });
});

describe('next to the catalogue @pydantic/genai-prices', async () => {
  const catalogue = (await waitForUpdate())!;
  const known = samples.filter((sample) => sample.known && sample.answer);

  it.each(known)(
    '$name: the same tokens are read',
    ({ known: [id, flavour] = ['', ''], answer, amounts }) => {
      const { usage } = extractUsage(
        catalogue.find((each) => each.id === id)!,
        answer,
        flavour,
      );
      const written = Number(
        (amounts.units as Record<string, number> | undefined)?.['cache_write_tokens'] ?? 0,
      ); // there among the input, here apart
      expect({
        inputTokens: (usage.input_tokens ?? 0) - written,
        outputTokens: usage.output_tokens ?? 0,
        cachedTokens: usage.cache_read_tokens ?? 0,
      }).toEqual({
        inputTokens: amounts.inputTokens,
        outputTokens: amounts.outputTokens,
        cachedTokens: amounts.cachedTokens ?? 0,
      });
    },
  );

  it('U10: it has the same provider at each address that both know', () => {
    const ours: Record<string, string> = { google: 'gemini', 'x-ai': 'xai' };
    const urls = [...new Set(samples.map(({ url }) => url))];
    for (const url of urls) {
      const theirs = catalogue.find(({ api_pattern }) => new RegExp(`^${api_pattern}`).test(url))?.id;
      if (theirs) expect(providerAt(new URL(url)), url).toBe(ours[theirs] ?? theirs);
    }
  });
});

describe('a stream', () => {
  const streams = samples.filter(({ events }) => events);
  const ends = fc.constantFrom('\n', '\r\n', '\r');

  it.each(streams)(
    '$name: however it is cut into pieces, and whatever ends its lines, the same is read',
    ({ events, amounts }) => {
      const property = fc.property(
        ends,
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 }),
        fc.boolean(),
        (end, sizes, comments) => {
          const blocks = events!.flatMap((event) => [
            ...(comments ? [`: still here — ü€${end}${end}`] : []),
            `event: e${end}data: ${JSON.stringify(event)}${end}${end}`,
          ]);
          const bytes = new TextEncoder().encode(`\uFEFF${blocks.join('')}data: [DONE]${end}${end}`);
          const reader = readServerEvents();
          const read: unknown[] = [];
          const passed: number[] = [];
          const take = (all: ReturnType<typeof reader.push>) => {
            for (const { data, bytes: raw } of all) {
              read.push(data);
              passed.push(...raw);
            }
          };
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            take(reader.push(bytes.subarray(at, at + size)));
            at = Math.min(at + size, bytes.length);
          }
          take(reader.rest());
          expect(said(read)).toEqual(amounts);
          expect(passed).toEqual([...bytes]); // and nothing is lost or added on the way
        },
      );
      fc.assert(property, { numRuns: 60, seed: 3 });
    },
  );
});
