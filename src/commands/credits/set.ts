import { setCredits as set } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { Specs } from './spec.ts';

/** Makes the balance be a number and prints the difference. */
export async function run(context: Context, input: InputOf<Specs['add']>): Promise<Outcome> {
  const { customer, amount, source, priority, expires } = input;
  const asked = { customer, amount, source, priority, expires };
  const record = await write(context, { action: 'credits set', asked }, (tx, change) =>
    set(tx, change, asked),
  );
  return { record: { ...record } };
}
