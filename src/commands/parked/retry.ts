import { retryDeadLetters } from '../../tasks/retry-dead-letters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { runNamed } from '../tasks/run-named.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked retry check-expired acme', 'one customer, after the cause is fixed'],
    ['subctl parked retry check-expired', 'all parked rows of this task'],
  ],
  exits: [3, 4, 7, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<task>', 'task or import that parked the row')
  .argument('[customer]', 'customer of the row');

/** Makes parked rows due now and runs the task. */
export async function run(
  context: Context,
  task: string,
  customer: string | undefined,
  options: Options<typeof command>,
): Promise<Outcome> {
  const input = { task, customer, ...options };
  const number = await write(context, { action: 'parked retry', asked: { task, customer } }, (tx, change) =>
    retryDeadLetters(tx, input, change.at),
  );
  if (context.dryRun)
    return { record: { task, customer: customer ?? null, retried: number }, notes: ['Nothing was changed'] };
  return runNamed(task, 'parked retry')(context, { customer });
}
