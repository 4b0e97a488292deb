import { dropDeadLetters } from '../../tasks/drop-dead-letters.ts';
import { getDeadLetter } from '../../tasks/list-dead-letters.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Input, verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl parked drop check-expired acme --dry-run', 'show the row'],
    ['subctl parked drop check-expired acme --yes --reason "fixed by hand"', 'skip the confirmation'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Only the row in the list is deleted. A task that still finds the work due tries it again. What ' +
      'an import parked is lost.',
  )
  .argument('<task>', 'task or import that parked the row')
  .argument('<customer>', 'customer of the row')
  .argument('[id]', 'id of the row, if the customer has several');

/** Deletes one parked row. */
export async function run(
  context: Context,
  ...[task, customer, id, options]: Input<typeof command>
): Promise<Outcome> {
  const input = { task, customer, id, ...options };
  const row = await getDeadLetter(await context.database(), input);
  await context.confirm(`Delete the row that ${row.task} parked for ${row.customer}?`);
  await write(context, { action: 'parked drop', asked: { ...input } }, (tx, change) =>
    dropDeadLetters(tx, change, row),
  );
  return { record: { ...row }, notes: [context.dryRun ? 'Nothing was changed' : 'Deleted'] };
}
