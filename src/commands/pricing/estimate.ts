import { estimateCost } from '../../pricing/estimate-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { estimatePricing as spec } from './spec.ts';

/** Prints the cost of a use and its parts. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { provider, model, at, requests, inputTokens, outputTokens, cachedTokens, cacheWriteTokens } = input;
  const { searches, images, edits, videos, pages, characters, seconds } = input;
  const given = {
    searches,
    images,
    edits,
    videos,
    pages,
    characters,
    seconds,
    cache_write_tokens: cacheWriteTokens,
  };
  const units = Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const { cost, currency, lines, pricedAs, pricesFrom } = await estimateCost(await context.database(), {
    ...{ provider, model, requests, inputTokens, outputTokens, cachedTokens, units },
    at: at ?? (await context.now()),
  });
  const byDefault = pricedAs === 'default' && model !== undefined && model !== 'default';
  return {
    record: { cost, currency, lines, priced_as: pricedAs, prices_from: pricesFrom },
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
          ['prices of', `${provider}/${pricedAs}`],
          ['from', pricesFrom],
        ],
      },
    ],
    notes: byDefault
      ? [`${provider}/${model} has no price of its own: the default of ${provider} applies`]
      : [],
  };
}
