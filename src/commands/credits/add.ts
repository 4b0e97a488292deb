import { addCredits as add } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { Specs } from './spec.ts';

/** Gives credits and prints the balance. */
export async function run(context: Context, input: InputOf<Specs['add']>): Promise<Outcome> {
  const { customer, amount, source, priority, expires } = input;
  const asked = { customer, amount, source, priority, expires };
  const record = await write(context, { action: 'credits add', asked }, (tx, change) =>
    add(tx, change, asked),
  );
  return { record: { ...record } };
}
