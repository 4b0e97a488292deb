import { dropDeadLetters } from '../../tasks/drop-dead-letters.ts';
import { getDeadLetter } from '../../tasks/list-dead-letters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Input, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked drop check-expired acme --dry-run', 'which row it is'],
    ['subctl parked drop check-expired acme --yes --reason "mended by hand"', 'without being asked'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'The row is taken from the list and nothing else. What a task still finds due it will find again ' +
      'and try again; what an import parked is gone.',
  )
  .argument('<task>', 'the task or import that parked it')
  .argument('<customer>', 'whose row it is')
  .argument('[id]', 'its own id, where the customer has several');

/** Forgets one parked row. */
export async function run(
  context: Context,
  ...[task, customer, id, options]: Input<typeof command>
): Promise<Outcome> {
  const input = { task, customer, id, ...options };
  const row = await getDeadLetter(await context.database(), input);
  await context.confirm(`Forget what ${row.task} parked of ${row.customer}?`);
  await write(context, { action: 'parked drop', asked: { ...input } }, (tx, change) =>
    dropDeadLetters(tx, change, row),
  );
  return { record: { ...row }, notes: [context.dryRun ? 'Nothing was changed' : 'Forgotten'] };
}
