import { deductCredits as deduct } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { Specs } from './spec.ts';

/** Takes credits and prints the balance. */
export async function run(
  context: Context,
  { customer, amount }: InputOf<Specs['deduct']>,
): Promise<Outcome> {
  const asked = { customer, amount };
  const record = await write(context, { action: 'credits deduct', asked }, (tx, change) =>
    deduct(tx, change, asked),
  );
  return { record: { ...record } };
}
