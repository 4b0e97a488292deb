import type { RowsOutcome } from '../../terminal/outcome.ts';
import { listReservations as list } from '../../usage/list-reservations.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl reservations list', 'everything that is held now'],
    ['subctl reservations list ann --all --json', 'with what ann settled and released'],
  ],
  exits: [3],
  rows: 'list',
  asOf: true,
})
  .description('Those that hold something now; the next to end comes first. To hold: usage reserve.')
  .argument('[customer]', 'only of this customer')
  .option('--all', 'those that were settled, released or ran out, too', false)
  .option('--limit <number>', 'how many at most (100)', integer({ min: 1, max: 1_000_000 }), 100);

const amounts = (value: unknown): string =>
  Object.entries(value as Record<string, string>)
    .map(([meter, amount]) => `${amount} ${meter}`)
    .join(', ') || '-';

/** Prints reservations, the next to end first. */
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
    empty: 'Nothing is held.',
  };
}
