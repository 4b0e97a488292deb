import { retryParked } from '../../tasks/retry-parked.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { runNamed } from '../tasks/run-named.ts';
import { write } from '../write.ts';
import type { retryParked as spec } from './spec.ts';

/** Makes parked rows due for their next try and runs the task. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const { task, customer } = input;
  const number = await write(context, { action: 'parked retry', asked: { task, customer } }, (tx, change) =>
    retryParked(tx, input, change.at),
  );
  if (context.dryRun)
    return { record: { task, customer: customer ?? null, retried: number }, notes: ['Nothing was changed'] };
  return runNamed(task, 'parked retry')(context, { customer });
}
