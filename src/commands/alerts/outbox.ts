import { listOutbox } from '../../alerts/list-outbox.ts';
import type { Column, RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { OutboxSpecs } from './outbox-spec.ts';

const columns: Column[] = [
  { key: 'created_at', title: 'at' },
  { key: 'customer' },
  { key: 'kind' },
  { key: 'channel', optional: true },
  { key: 'state' },
  { key: 'attempts', title: 'tries', align: 'right' },
  { key: 'next_try_at', title: 'next try', optional: true },
  { key: 'error', optional: true },
  { key: 'sent_at', hidden: true },
  { key: 'id', hidden: true },
  { key: 'fields', hidden: true },
];

/** Lists the outbox. */
export async function run(context: Context, input: InputOf<OutboxSpecs['list']>): Promise<RowsOutcome> {
  const { operator, customer } = input;
  const rows = await listOutbox(await context.database(), { ...input, customer: operator ? '' : customer });
  return { columns, rows: rows.map((row) => ({ ...row })), empty: 'The outbox has nothing of that.' };
}
