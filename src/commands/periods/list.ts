import { Failure } from '../../domain/failure.ts';
import { findPeriod, listPeriods } from '../../subscriptions/periods.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { periods } from './spec.ts';

const columns = [{ key: 'index', align: 'right' }, { key: 'start' }, { key: 'end' }] as const;

/** Prints periods from the anchor on, or with --at the one that contains it. */
export async function run(context: Context, input: InputOf<typeof periods>): Promise<RowsOutcome> {
  const { at, count, timezone } = input;
  if (at && count !== undefined)
    throw new Failure('usage', 'Either --count or --at, not both', {
      hint: '--at shows one period, --count lists them from the anchor on',
    });
  const db = await context.database();
  const rows = at ? [await findPeriod(db, input, at)] : await listPeriods(db, input, count ?? 12);
  return { columns, rows: rows.map((period) => ({ ...period })), timezone };
}
