import { getDeadLetter } from '../../tasks/list-dead-letters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Input, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked show check-expired acme', 'why it failed'],
    ['subctl parked show check-expired acme --json', 'the same for a program'],
  ],
  exits: [3],
  rows: true,
})
  .argument('<task>', 'the task or import that parked it')
  .argument('<customer>', 'whose row it is')
  .argument('[id]', 'its own id, where the customer has several');

/** Shows one parked row. */
export async function run(
  context: Context,
  ...[task, customer, id, options]: Input<typeof command>
): Promise<Outcome> {
  const input = { task, customer, id, ...options };
  return { record: { ...(await getDeadLetter(await context.database(), input)) } };
}
