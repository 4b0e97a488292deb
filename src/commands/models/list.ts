import { findModels } from '../../catalog/find-meters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl models list', 'configured models by provider and pattern'],
    ['subctl models list --format csv', 'for a spreadsheet'],
  ],
  rows: 'list',
});

/** Prints the configured models. */
export async function run(context: Context): Promise<Outcome> {
  const models = await findModels(await context.database());
  return {
    columns: [
      { key: 'provider' },
      { key: 'pattern' },
      { key: 'tier' },
      { key: 'multiplier', align: 'right' },
      { key: 'aliases', show: (value) => (value as string[]).join(', ') },
    ],
    rows: models.map(({ freeTier, ...model }) => ({ ...model, tier: freeTier ? 'free' : 'paid' })),
    empty: 'No model is configured: every model is paid, with a token multiplier of 1',
  };
}
