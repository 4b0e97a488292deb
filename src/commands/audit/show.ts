import { getChange } from '../../reports/get-change.ts';
import { listChanges } from '../../reports/list-changes.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { showAudit } from './spec.ts';

const columns: readonly Column[] = [
  { key: 'customer' },
  { key: 'entity' },
  { key: 'key' },
  { key: 'before', show: fields },
  { key: 'after', show: fields },
];

/** One change: who, why and what was asked, then what it wrote. */
export async function run(context: Context, { change, count }: InputOf<typeof showAudit>): Promise<Outcome> {
  const db = await context.database();
  const newest = change === 'last' ? (await listChanges(db, { limit: 1 }))[0]?.id : change;
  const found = await getChange(db, { id: newest ?? change, limit: count });
  const { rows, rows_written, ...head } = found;
  const entries = Object.entries({ ...head, asked: fields(head.asked) });
  return {
    record: { ...found },
    sections: [
      { entries },
      {
        title:
          rows.length < rows_written
            ? `Rows written (the first ${rows.length} of ${rows_written})`
            : 'Rows written',
        columns,
        rows: rows.map((row) => ({ ...row })),
        empty: 'None.',
      },
    ],
  };
}

/** `{"price":"9.99"}` as `price 9.99`. */
function fields(value: unknown): string {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  const shown = entries.map(
    ([key, each]) => `${key} ${typeof each === 'object' ? JSON.stringify(each) : String(each)}`,
  );
  return shown.join(', ') || '-';
}
