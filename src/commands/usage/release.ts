import { checkUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Released, releaseUse } from '../../usage/reserve.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl usage release ann 019b76da-a800-7000-8000-000000000003',
      'release it: the call failed before it began',
    ],
    ['subctl usage release ann 019b76da-a800-7000-8000-000000000003 --json', 'repeat it: the same answer'],
  ],
  exits: [3, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'A reset since the reservation is not affected. Releasing again returns the same answer. A ' +
      'settled reservation is a conflict (exit code 8); to reverse its event: subctl usage reverse.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<reservation>', 'id of the reservation');

/** Releases a reservation and prints its final status. */
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
      ? `Reservation ${reservation} had already expired`
      : `Reservation ${reservation} of ${customer} ${replayed ? 'was already released' : done}`,
  );
  return { record: { ...record } };
}
