import { listPriceHistory } from '../../pricing/price-history.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { pricingHistory as spec } from './spec.ts';
import { showTiers } from './show-tiers.ts';

/** Prints every price that was ever written. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const prices = await listPriceHistory(await context.database(), input);
  return {
    columns: [
      { key: 'provider' },
      { key: 'model' },
      { key: 'component' },
      { key: 'amount', align: 'right' },
      { key: 'per', align: 'right', optional: true },
      { key: 'effective_from', title: 'from' },
      { key: 'superseded', show: (value) => (value ? 'superseded' : 'holds') },
      { key: 'recorded_at', title: 'written', optional: true },
      { key: 'actor', optional: true },
      { key: 'source', optional: true },
      { key: 'reason', optional: true },
      { key: 'tiers', show: showTiers, optional: true },
      { key: 'unit', hidden: true },
      { key: 'revision', hidden: true },
    ],
    rows: prices.map(({ effectiveFrom, recordedAt, ...price }) => ({
      ...price,
      effective_from: effectiveFrom,
      recorded_at: recordedAt,
    })),
    empty: 'There are no prices for that.',
  };
}
