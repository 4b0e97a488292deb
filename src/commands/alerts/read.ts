import { readAlerts as read } from '../../alerts/read.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { type Options, verb } from '../verb.ts';
import { instant } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl alerts read ann', 'all alerts of ann'],
    ['subctl alerts read ann --meter messages --json', 'the alerts of one meter, as JSON'],
  ],
  exits: [3],
  rows: true,
  asOf: true,
  writes: true,
})
  .argument('<customer>', 'id of the customer')
  .option('--meter <meter>', 'only this meter')
  .option('--until <time>', 'only alerts up to this time (default: now)', instant);

/** Marks alerts as read and prints how many. */
export async function run(
  context: Context,
  customer: string,
  { meter, until }: Options<typeof command>,
): Promise<Outcome> {
  const now = await context.now();
  const asked = { customer, meter, until };
  const read_now = await write(context, { action: 'alerts read', asked }, (tx) =>
    read(tx, { customer, meter, until: until ?? now, now }),
  );
  return { record: { customer, read: read_now } };
}
