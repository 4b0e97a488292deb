import { setLimit as set } from '../../customers/set-limit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { setLimit } from './spec.ts';

/** Gives a customer a limit of its own. */
export async function run(context: Context, input: InputOf<typeof setLimit>): Promise<Outcome> {
  const limit = input.limit === 'unlimited' ? null : input.limit;
  const done = await write(context, { action: 'limits set', asked: { ...input } }, (tx, change) =>
    set(tx, change, { ...input, limit }),
  );
  return { record: { customer: input.customer, ...done } };
}
