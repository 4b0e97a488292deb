import { checkUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Released, releaseUse } from '../../usage/reserve.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl usage release ann 019b76da-a800-7000-8000-000000000003', 'the call failed before it began'],
    ['subctl usage release ann 019b76da-a800-7000-8000-000000000003 --json', 'again: it says the same'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Nothing is topped up: a reset in between stays as it is. Released again it says the same; a ' +
      'settled one is a conflict (exit code 8), to take the use back there is usage reverse.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<reservation>', 'id of the reservation');

/** Lets go of a reservation and says how it ended. */
export async function run(context: Context, customer: string, id: string): Promise<Outcome> {
  const reservation = checkUuid(id, 'reservation');
  const record = await write<Released & { changed: boolean }>(
    context,
    { action: context.spec.path, asked: { customer, reservation } },
    (tx, change) => releaseUse(tx, change, { customer, reservation }),
  );
  const { status, replayed } = record;
  const done = context.dryRun ? 'would be released' : 'is released';
  context.note(
    status === 'expired'
      ? `The time of reservation ${reservation} was over: it held nothing any more`
      : `Reservation ${reservation} of ${customer} ${replayed ? 'had been released' : done}`,
  );
  return { record: { ...record } };
}
