import type { RowsOutcome } from '../../terminal/outcome.ts';
import { listReservations as list } from '../../usage/list-reservations.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl reservations list', 'all open reservations'],
    ['subctl reservations list ann --all --json', 'all reservations of ann, closed ones included'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description('Open reservations, the next to expire first. To create one: subctl usage reserve.')
  .argument('[customer]', 'only this customer')
  .option('--all', 'include settled, released and expired reservations', false)
  .option('--limit <number>', 'maximum number of reservations', integer({ min: 1, max: 1_000_000 }), 100);

const amounts = (value: unknown): string =>
  Object.entries(value as Record<string, string>)
    .map(([meter, amount]) => `${amount} ${meter}`)
    .join(', ') || '-';

/** Prints reservations, the next to expire first. */
export async function run(
  context: Context,
  customer: string | undefined,
  options: Options<typeof command>,
): Promise<RowsOutcome> {
  const input = { customer, ...options };
  const rows = await list(await context.database(), { ...input, now: await context.now() });
  return {
    columns: [
      { key: 'reservation' },
      ...(input.customer === undefined ? [{ key: 'customer' }] : []),
      { key: 'kind' },
      { key: 'quantity', align: 'right' as const },
      { key: 'meters', title: 'holds', show: amounts, optional: true },
      { key: 'credits', align: 'right' as const, optional: true },
      ...(input.all ? [{ key: 'status' }] : []),
      { key: 'expires_at', title: 'until', optional: true },
      ...['customer', 'status']
        .filter((key) => (key === 'status' ? !input.all : input.customer !== undefined))
        .map((key) => ({ key, hidden: true })),
      ...['at', 'member', 'key', 'ended_at', 'event'].map((key) => ({ key, hidden: true })),
    ],
    rows,
    empty: 'There are no open reservations.',
  };
}
