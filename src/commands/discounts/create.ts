import { createDiscount as create } from '../../catalog/discounts.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { createDiscount } from './spec.ts';

/** Makes a code. */
export async function run(context: Context, input: InputOf<typeof createDiscount>): Promise<Outcome> {
  const { plan: plans, currency, ...rest } = input;
  const asked = { ...rest, plans, currency: currency?.toUpperCase() };
  const record = await write(context, { action: 'discounts create', asked }, (tx, change) =>
    create(tx, change, asked),
  );
  context.note(`Code ${record.code} is good${context.dryRun ? ' (dry run: nothing was changed)' : ''}`);
  return { record };
}
