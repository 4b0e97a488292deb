import type { RowsOutcome } from '../../terminal/outcome.ts';
import { listReservations as list } from '../../usage/list-reservations.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listReservations } from './spec.ts';

const amounts = (value: unknown): string =>
  Object.entries(value as Record<string, string>)
    .map(([meter, amount]) => `${amount} ${meter}`)
    .join(', ') || '-';

/** Prints reservations, the next to end first. */
export async function run(context: Context, input: InputOf<typeof listReservations>): Promise<RowsOutcome> {
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
