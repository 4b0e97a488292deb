import { listUnpriced } from '../../pricing/list-unpriced.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl pricing unpriced', 'by provider, model and kind'],
    ['subctl pricing unpriced --provider gemini --json', 'one provider, as JSON'],
  ],
  rows: 'list',
})
  .description(
    'Their quantities count, but they have no cost yet. Add the missing price (pricing set, pricing ' +
      'import), then run: subctl pricing rerate.',
  )
  .option('--provider <name>', 'only this provider')
  .option('--from <time>', 'from this time on (default: all)', instant)
  .option('--to <time>', 'before this time', instant);

/** Prints events without a price. */
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
      { key: 'priceable', title: 'now priced', align: 'right', optional: true },
    ],
    rows: uses.map((use) => ({ ...use })),
    empty:
      input.provider || input.from || input.to
        ? 'No matching event lacks a price.'
        : 'Every event has a price.',
    notes: priceable > 0 ? [`${priceable} of them now have a price. To apply it: subctl pricing rerate`] : [],
  };
}
