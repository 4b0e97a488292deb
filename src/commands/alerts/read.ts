import { readAlerts as read } from '../../alerts/read.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import type { Specs } from './spec.ts';

/** Marks alerts as read and says how many. */
export async function run(
  context: Context,
  { customer, meter, until }: InputOf<Specs['read']>,
): Promise<Outcome> {
  const now = await context.now();
  const asked = { customer, meter, until };
  const read_now = await write(context, { action: 'alerts read', asked }, (tx) =>
    read(tx, { customer, meter, until: until ?? now, now }),
  );
  return { record: { customer, read: read_now } };
}
