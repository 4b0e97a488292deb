import { checkUuid } from '../../domain/uuids.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import { type Reversal, reverseUse } from '../../usage/reverse.ts';
import { zoneOf } from '../../usage/zone.ts';
import type { Context } from '../context.ts';
import { write } from '../write.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    [
      'subctl usage reverse ann 019b76da-a800-7000-8000-000000000001 --reason "the picture was broken" --dry-run',
      'preview the reversal',
    ],
    [
      'subctl usage reverse ann 019b76da-a800-7000-8000-000000000001 --reason "the picture was broken"',
      'restore the usage and credits of ann',
    ],
  ],
  exits: [3, 4],
  rows: true,
  asOf: true,
  writes: true,
})
  .description(
    'Adds an event with negative amounts; the original event is kept. A closed window gets an ' +
      'adjustment. Credits from expired grants are not restored. Reversing an event again changes ' +
      'nothing. Needs a --reason.',
  )
  .argument('<customer>', 'id of the customer')
  .argument('<event>', 'id of the event, as in usage events');

/** Reverses a usage event and prints the changes of windows and grants. */
export async function run(context: Context, customer: string, id: string): Promise<Outcome> {
  const event = checkUuid(id, 'event');
  const record = await write<Reversal>(
    context,
    { action: 'usage reverse', asked: { customer, event } },
    (tx, change) => reverseUse(tx, change, { customer, event }),
  );
  const { kind, quantity, at, credits, windows, replayed } = record;
  const done = context.dryRun ? 'would be reversed' : 'reversed';
  const verb = replayed ? 'already reversed' : done;
  const gone = credits.expired === '0' ? '' : `, ${credits.expired} came from expired grants`;
  return {
    record: { ...record },
    timezone: await zoneOf(await context.database(), customer, await context.now()),
    sections: [
      {
        entries: [
          [verb, `${quantity} ${kind} of ${customer}`],
          ['used at', new Date(at)],
          ['credits', `${credits.given_back} restored${gone}`],
        ],
      },
      ...(windows.length === 0
        ? []
        : [
            {
              title: 'Windows',
              columns: [
                { key: 'meter' },
                { key: 'window' },
                { key: 'window_start', title: 'from' },
                { key: 'amount', align: 'right' as const },
                { key: 'closed', title: 'adjustment' },
              ],
              rows: windows.map((each) => ({
                ...each,
                window_start: each.window_start && new Date(each.window_start),
              })),
            },
          ]),
    ],
  };
}
