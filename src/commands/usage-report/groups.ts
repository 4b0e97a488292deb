import { listGroups } from '../../reports/list-groups.ts';
import { findSpan } from '../../reports/span.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import { spanLine } from './span-line.ts';
import type { groups } from './spec.ts';

/** Every group with its plan, seats and use. */
export async function run(context: Context, { from, to }: InputOf<typeof groups>): Promise<RowsOutcome> {
  const db = await context.database();
  const span = await findSpan(db, { from, to, now: await context.now() });
  return {
    title: 'Groups',
    columns: [
      { key: 'group' },
      { key: 'name', optional: true },
      { key: 'plan' },
      { key: 'status', optional: true },
      { key: 'members', align: 'right' },
      { key: 'seats', align: 'right', show: (value) => (value === null ? 'any' : String(value as number)) },
      { key: 'used_by', title: 'who used', align: 'right', optional: true },
      { key: 'uses', align: 'right' },
      { key: 'cost', align: 'right' },
    ],
    rows: (await listGroups(db, span)).map((row) => ({ ...row })),
    footer: [spanLine(span)],
    empty: 'There are no groups',
    timezone: span.timezone,
  };
}
