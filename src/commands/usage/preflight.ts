import { inDryRun } from '../../database/dry-run.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Preflight, preflightUses } from '../../usage/preflight.ts';
import { readUses } from '../../usage/read-uses.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { Context } from '../context.ts';
import { openInput } from '../open-input.ts';
import { preflightPage } from './preflight-page.ts';
import { type Options, verb } from '../verb.ts';
import { holdOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl usage preflight ann research.csv', 'check that all events fit'],
    [
      'subctl usage preflight ann research.json --reserve --hold 1h --json',
      'reserve all of them for an hour',
    ],
  ],
  exits: [3, 4, 8],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'All or nothing: each event counts for the events after it. The list is a JSON array, NDJSON, or ' +
      'CSV with a heading line. Its fields are those of usage reserve (kind, quantity, provider, ' +
      'model, input_tokens …). Exit code 4 means refused; the answer names the first event that does ' +
      'not fit. Without --reserve nothing is written.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<file>', 'file with the list, or - for standard input')
  .option('--reserve', 'create a reservation for each event', false)
  .addOption(holdOption)
  .option('--key <key>', 'idempotency key; the reservations get key:1, key:2 …');

/** Checks a list of usage events as a whole. Exit code 4 if it does not fit. */
export async function run(
  context: Context,
  customer: string,
  file: string,
  options: Options<typeof command>,
): Promise<Outcome> {
  const { reserve, hold, key } = options;
  const uses = await readUses(openInput(context, file));
  const connection = await context.database();
  const now = await context.now();
  const request = { customer, uses, now, key, ...(reserve && { holdSeconds: hold }) };
  const answer = await inDryRun<Preflight>(
    connection,
    (tx) => preflightUses(tx, request),
    () => context.dryRun || !reserve,
  );
  const timezone = await zoneOf(connection, customer, now);
  return preflightPage(answer, { uses, reserve, timezone });
}
