import { removeLimit as remove } from '../../customers/remove-limit.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { removeLimit } from './spec.ts';

/** Ends a customer's own limit. */
export async function run(context: Context, input: InputOf<typeof removeLimit>): Promise<Outcome> {
  const done = await write(context, { action: 'limits remove', asked: { ...input } }, (tx, change) =>
    remove(tx, change, input),
  );
  return { record: { customer: input.customer, ...done } };
}
