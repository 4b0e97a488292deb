import { listUnpriced } from '../../pricing/list-unpriced.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { unpricedUses as spec } from './rerate-spec.ts';

/** Prints what waits for a price. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
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
