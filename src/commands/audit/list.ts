import { listChanges } from '../../reports/list-changes.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { listAudit } from './spec.ts';

const columns: readonly Column[] = [
  { key: 'at' },
  { key: 'actor' },
  { key: 'action' },
  { key: 'reason', optional: true },
  { key: 'id' },
  { key: 'asked', hidden: true },
];

/** The newest changes, filtered. */
export async function run(context: Context, input: InputOf<typeof listAudit>): Promise<Outcome> {
  const { customer, by: actor, action, from, to, count: limit } = input;
  const rows = await listChanges(await context.database(), { customer, actor, action, from, to, limit });
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'Nothing was changed.' };
}
