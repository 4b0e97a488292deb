import { estimateCost, readUnits } from '../../pricing/estimate-cost.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { unitsOf } from '../usage/answer-outcome.ts';
import type { estimatePricing as spec } from './spec.ts';

/** Prints the cost of a use and its parts. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
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
            `${provider}/${model} has no price of its own: ${byDefault ? 'the default' : 'that'} of ${pricedBy} applies`,
          ]
        : [],
  };
}
