import { resetCredits as reset } from '../../credits/change-credits.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { Specs } from './spec.ts';

/** Begins the plan's credits anew and prints the balance. */
export async function run(context: Context, { customer }: InputOf<Specs['reset']>): Promise<Outcome> {
  const record = await write(context, { action: 'credits reset', asked: { customer } }, (tx, change) =>
    reset(tx, change, customer),
  );
  return { record: { ...record } };
}
