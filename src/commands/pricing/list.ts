import { findFallbacks } from '../../pricing/fallbacks.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { showMidnight } from '../../terminal/values.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { showTiers } from './show-tiers.ts';
import type { listPricing as spec } from './spec.ts';

/** Prints the prices that hold, or all. */
export async function run(
  context: Context,
  { provider, model, at, all }: InputOf<typeof spec>,
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
