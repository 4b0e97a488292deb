import { listAlerts as list } from '../../alerts/list.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { Specs } from './spec.ts';

const columns: Column[] = [
  { key: 'meter' },
  { key: 'window' },
  { key: 'window_start' },
  { key: 'threshold', align: 'right' },
  { key: 'used', align: 'right' },
  { key: 'limit', align: 'right' },
  { key: 'at' },
  { key: 'customer' },
  { key: 'member', optional: true },
  { key: 'severity', optional: true },
  { key: 'read_at', optional: true },
];

/** Lists alerts. */
export async function run(context: Context, input: InputOf<Specs['list']>): Promise<RowsOutcome> {
  const rows = await list(await context.database(), input);
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'No threshold has been reached.' };
}
