import { getChange } from '../../reports/get-change.ts';
import { listChanges } from '../../reports/list-changes.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { integer } from '../readers.ts';

export const command = verb({
  examples: [
    ['subctl audit show last', 'what the last command did'],
    ['subctl audit show last --json', 'the same with every field'],
  ],
  exits: [3],
  rows: true,
})
  .description(
    'Shows each row before and after the change. Personal fields are marked as changed, without ' +
      'their values. Ledger entries, subscription history, renewals, closed windows and invoices are ' +
      'rows of the change, too.',
  )
  .argument('<change>', 'id of the change, from audit list; `last` is the newest')
  .option('--limit <number>', 'maximum number of rows', integer({ min: 1, max: 1_000_000 }), 100);

const columns: readonly Column[] = [
  { key: 'customer' },
  { key: 'entity' },
  { key: 'key' },
  { key: 'before', show: fields },
  { key: 'after', show: fields },
];

/** Shows a change: actor, reason and input, then the rows that it wrote. */
export async function run(
  context: Context,
  change: string,
  { limit }: Options<typeof command>,
): Promise<Outcome> {
  const db = await context.database();
  const newest = change === 'last' ? (await listChanges(db, { limit: 1 }))[0]?.id : change;
  const found = await getChange(db, { id: newest ?? change, limit });
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
