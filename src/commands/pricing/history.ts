import { listPriceHistory } from '../../pricing/price-history.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { showTiers } from './show-tiers.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl pricing history --provider gemini --model gemini-2.5-flash', 'prices of one model'],
    ['subctl pricing history --format csv', 'all prices, as CSV'],
  ],
  rows: 'list',
})
  .option('--provider <name>', 'only this provider')
  .option('--model <name>', 'only this model');

/** Prints every price ever recorded. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const prices = await listPriceHistory(await context.database(), input);
  return {
    columns: [
      { key: 'provider' },
      { key: 'model' },
      { key: 'component' },
      { key: 'amount', align: 'right' },
      { key: 'per', align: 'right', optional: true },
      { key: 'effective_from', title: 'from' },
      { key: 'superseded', show: (value) => (value ? 'superseded' : 'in effect') },
      { key: 'recorded_at', title: 'recorded', optional: true },
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
    empty: 'No matching prices.',
  };
}
