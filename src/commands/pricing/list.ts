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
    ['subctl pricing list --provider gemini', 'what holds now'],
    ['subctl pricing list --all --format csv', 'the whole history'],
  ],
  rows: 'list',
  asOf: true,
})
  .option('--provider <name>', 'only of this provider')
  .option('--model <name>', 'only of this model')
  .option('--at <time>', 'what holds at this time (now)', instant)
  .option('--all', 'every price that there was and will be', false);

/** Prints the prices that hold, or all. */
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
    empty: 'There are no prices for that: see --all, or load some with subctl pricing import',
    notes:
      fallbacks.length > 0
        ? [
            `A model that ${provider} has no price for takes that of ${fallbacks.join(', ')}, the first that has one`,
          ]
        : [],
  };
}
