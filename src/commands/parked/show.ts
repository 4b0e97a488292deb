import { getDeadLetter } from '../../tasks/list-dead-letters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Input, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked show check-expired acme', 'show the error'],
    ['subctl parked show check-expired acme --json', 'as JSON'],
  ],
  exits: [3],
  rows: true,
})
  .argument('<task>', 'task or import that parked the row')
  .argument('<customer>', 'customer of the row')
  .argument('[id]', 'id of the row, if the customer has several');

/** Shows one parked row. */
export async function run(
  context: Context,
  ...[task, customer, id, options]: Input<typeof command>
): Promise<Outcome> {
  const input = { task, customer, id, ...options };
  return { record: { ...(await getDeadLetter(await context.database(), input)) } };
}
