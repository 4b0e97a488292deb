import { findFallbacks } from '../../pricing/find-fallbacks.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { showMidnight } from '../../terminal/values.ts';
import type { Context } from '../context.ts';
import { showTiers } from './show-tiers.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl pricing list --provider gemini', 'current prices of a provider'],
    ['subctl pricing list --all --format csv', 'past, current and future prices'],
  ],
  rows: 'list',
  asOf: true,
})
  .option('--provider <name>', 'only this provider')
  .option('--model <name>', 'only this model')
  .option('--at <time>', 'prices in effect at this time (default: now)', instant)
  .option('--all', 'include past and future prices', false);

/** Prints the prices in effect, or all prices. */
export async function run(
  context: Context,
  { provider, model, at, all }: Options<typeof command>,
): Promise<Outcome> {
  const when = all ? undefined : (at ?? (await context.now()));
  const db = await context.database();
  const prices = await findPrices(db, { provider, model, at: when });
  const fallbacks = provider === undefined ? [] : await findFallbacks(db, provider);
  return {
    columns: [
      { key: 'provider' },
      { key: 'model' },
      { key: 'component' },
      { key: 'amount', align: 'right' },
      { key: 'per', align: 'right' },
      { key: 'unit', optional: true },
      { key: 'effective_from', title: 'from', show: showMidnight },
      { key: 'source', optional: true },
      { key: 'revision', hidden: true },
      { key: 'tiers', show: showTiers, optional: true },
    ],
    rows: prices.map(({ effectiveFrom, ...price }) => ({ ...price, effective_from: effectiveFrom })),
    empty: 'No matching prices. Use --all for past and future prices, or load prices: subctl pricing import',
    notes:
      fallbacks.length > 0
        ? [`A model without a price of ${provider} uses the first price found at ${fallbacks.join(', ')}`]
        : [],
  };
}
