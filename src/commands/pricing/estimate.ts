import { estimateCost, readUnits } from '../../pricing/estimate-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { unitsOf } from '../usage/answer-outcome.ts';
import { type Options, verb } from '../verb.ts';
import { amount, instant, json } from '../readers.ts';

export const command = verb({
  examples: [
    [
      'subctl pricing estimate --provider gemini --model gemini-2.5-flash --input-tokens 1000 --output-tokens 500',
      'one call',
    ],
    [
      'subctl pricing estimate --provider tavily --model tavily-search --requests 7 --json',
      'seven searches, as JSON',
    ],
  ],
  exits: [3],
  rows: true,
  asOf: true,
})
  .description(
    'The result is the cost that recording the event at that time gives, with its components. Exit ' +
      'code 3 means that there is no price.',
  )
  .requiredOption('--provider <name>', 'provider name as in usage events')
  .option('--model <name>', "model (default: the provider's default)")
  .option(
    '--input-tokens <number>',
    'prompt tokens, including cached tokens, excluding tokens written to a cache',
    amount({ min: 0 }),
  )
  .option('--output-tokens <number>', 'completion tokens', amount({ min: 0 }))
  .option('--cached-tokens <number>', 'input tokens read from a cache', amount({ min: 0 }))
  .option(
    '--cache-write-tokens <number>',
    'tokens written to a cache, not part of the input tokens',
    amount({ min: 0 }),
  )
  .option('--cache-write-1h-tokens <number>', 'tokens written to a one-hour cache', amount({ min: 0 }))
  .option('--requests <number>', 'calls, searches, images … (default: 1)', amount({ min: 0 }))
  .option('--searches <number>', 'searches', amount({ min: 0 }))
  .option('--images <number>', 'images', amount({ min: 0 }))
  .option('--edits <number>', 'image edits', amount({ min: 0 }))
  .option('--videos <number>', 'videos', amount({ min: 0 }))
  .option('--pages <number>', 'pages', amount({ min: 0 }))
  .option('--characters <number>', 'characters', amount({ min: 0 }))
  .option('--seconds <number>', 'seconds', amount({ min: 0 }))
  .option('--units <json>', 'other units by name: {"audio_input_tokens": 900}', json)
  .option('--at <time>', 'use the prices of this time (default: now)', instant);

/** Prints the cost of a usage event and its components. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const { provider, model, at, requests, inputTokens, outputTokens, cachedTokens, ...rest } = input;
  const { cacheWriteTokens: cache_write_tokens, cacheWrite1hTokens: cache_write_1h_tokens, ...others } = rest;
  const { searches, images, edits, videos, pages, characters, seconds } = others;
  const named = { searches, images, edits, videos, pages, characters, seconds };
  const units = readUnits({
    ...unitsOf({ units: others.units }).units,
    ...named,
    cache_write_tokens,
    cache_write_1h_tokens,
  });
  const {
    cost,
    currency,
    lines,
    provider: pricedBy,
    pricedAs,
    pricesFrom,
  } = await estimateCost(await context.database(), {
    ...{ provider, model, requests, inputTokens, outputTokens, cachedTokens, units },
    at: at ?? (await context.now()),
  });
  const byDefault = pricedAs === 'default' && model !== undefined && model !== 'default';
  return {
    record: { cost, currency, lines, priced_by: pricedBy, priced_as: pricedAs, prices_from: pricesFrom },
    sections: [
      {
        columns: [
          { key: 'component' },
          { key: 'quantity', align: 'right' },
          { key: 'amount', title: 'price', align: 'right' },
          { key: 'per', align: 'right' },
          { key: 'cost', align: 'right' },
        ],
        rows: lines.map((line) => ({ ...line })),
      },
      {
        entries: [
          ['cost', `${cost} ${currency}`],
          ['prices of', `${pricedBy}/${pricedAs}`],
          ['from', pricesFrom],
        ],
      },
    ],
    notes:
      byDefault || pricedBy !== provider
        ? [
            `${provider}/${model} has no price: the ${byDefault ? 'default price' : 'price'} of ${pricedBy} applies`,
          ]
        : [],
  };
}
