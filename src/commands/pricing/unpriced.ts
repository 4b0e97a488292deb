import { listUnpriced } from '../../pricing/list-unpriced.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl pricing unpriced', 'by provider, model and kind'],
    ['subctl pricing unpriced --provider gemini --json', 'of one provider, for a program'],
  ],
  rows: 'list',
})
  .description(
    'Their units count, their money is parked. Add the price that was missing (pricing set, pricing ' +
      'import), then pricing rerate.',
  )
  .option('--provider <name>', 'only of this provider')
  .option('--from <time>', 'from this time on (ever)', instant)
  .option('--to <time>', 'before this time', instant);

/** Prints what waits for a price. */
export async function run(context: Context, input: Options<typeof command>): Promise<Outcome> {
  const uses = await listUnpriced(await context.database(), input);
  const priceable = uses.reduce((sum, use) => sum + use.priceable, 0);
  return {
    columns: [
      { key: 'provider' },
      { key: 'model' },
      { key: 'kind' },
      { key: 'events', align: 'right' },
      { key: 'customers', align: 'right' },
      { key: 'quantity', align: 'right', optional: true },
      { key: 'input_tokens', align: 'right', optional: true },
      { key: 'output_tokens', align: 'right', optional: true },
      { key: 'first_at', title: 'first' },
      { key: 'last_at', title: 'last', optional: true },
      { key: 'priceable', title: 'has a price now', align: 'right', optional: true },
    ],
    rows: uses.map((use) => ({ ...use })),
    empty:
      input.provider || input.from || input.to
        ? 'No use of that waits for a price.'
        : 'Every use has its price.',
    notes: priceable > 0 ? [`${priceable} of them have a price by now: subctl pricing rerate`] : [],
  };
}
