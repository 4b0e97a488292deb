import { checkUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Released, releaseUse } from '../../usage/reserve.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { releaseUsage } from './hold-spec.ts';

/** Lets go of a reservation and says how it ended. */
export async function run(context: Context, input: InputOf<typeof releaseUsage>): Promise<Outcome> {
  const { customer } = input;
  const reservation = checkUuid(input.reservation, 'reservation');
  const record = await write<Released & { changed: boolean }>(
    context,
    { action: context.spec.path, asked: { customer, reservation } },
    (tx, change) => releaseUse(tx, change, { customer, reservation }),
  );
  const { status, replayed } = record;
  context.note(
    status === 'expired'
      ? `The time of reservation ${reservation} was over: it held nothing any more`
      : `Reservation ${reservation} of ${customer} ${replayed ? 'had been released' : context.dryRun ? 'would be released' : 'is released'}`,
  );
  return { record: { ...record } };
}
