import { listParked } from '../../tasks/list-parked.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listParked as spec } from './spec.ts';

const columns: Column[] = [
  { key: 'task' },
  { key: 'customer' },
  { key: 'id', optional: true },
  { key: 'reason', optional: true },
  { key: 'attempts', align: 'right' },
  { key: 'last_at', hidden: true },
  { key: 'first_at', hidden: true },
  {
    key: 'next_try_at',
    title: 'next try',
    show: (value) => (value instanceof Date ? value.toISOString() : 'when told to'),
  },
  { key: 'last_error', title: 'error' },
];

/** Shows what is parked. */
export async function run(context: Context, input: InputOf<typeof spec>): Promise<Outcome> {
  const rows = await listParked(await context.database(), input);
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'Nothing is parked.' };
}
