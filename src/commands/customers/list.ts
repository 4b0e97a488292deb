import { listCustomers as list } from '../../customers/list.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import { quoted } from '../line-of.ts';
import type { Context } from '../context.ts';
import type { listCustomers } from './spec.ts';

/** Prints a page of customers. */
export async function run(context: Context, input: InputOf<typeof listCustomers>): Promise<RowsOutcome> {
  const rows = await list(await context.database(), { ...input, now: await context.now() });
  const more = rows.length === input.limit && rows.at(-1);
  return {
    columns: [
      { key: 'id' },
      { key: 'kind' },
      { key: 'name', optional: true },
      { key: 'plan' },
      { key: 'status' },
      { key: 'basis' },
      { key: 'access' },
      { key: 'email', optional: true },
      { key: 'timezone', optional: true },
      { key: 'created_at', hidden: true },
      { key: 'disabled_at', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: more ? [`The next page: subctl customers list --after ${quoted(more.id)}`] : [],
    empty: 'No customers',
  };
}
