import { listInvoices as list } from '../../invoices/list.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import { showDay } from '../../terminal/values.ts';
import { quoted } from '../command-line.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { choice, many } from '../readers.ts';
import { fromOption, limitOption, toOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices list --status overdue', 'the overdue invoices'],
    ['subctl invoices list --customer ann --format csv', 'invoices of ann, for a spreadsheet'],
  ],
  rows: 'list',
  asOf: true,
})
  .option('--customer <customer>', 'only invoices of this customer')
  .option(
    '--status <status>',
    'only invoices with this status; overdue is open and past the due date',
    many(choice(['open', 'overdue', 'paid', 'void', 'uncollectible'])),
    [],
  )
  .addOption(fromOption)
  .addOption(toOption)
  .option('--after <number>', 'only invoices issued before this one, for the next page')
  .addOption(limitOption);

/** Prints a page of invoices, newest first. */
export async function run(context: Context, input: Options<typeof command>): Promise<RowsOutcome> {
  const { status: statuses, ...filter } = input;
  const rows = await list(await context.database(), { ...filter, statuses, now: await context.now() });
  const more = rows.length === input.limit && rows.at(-1);
  return {
    columns: [
      { key: 'number' },
      { key: 'customer' },
      { key: 'status', show: (value, row) => (row['overdue'] ? 'overdue' : String(value)) },
      { key: 'overdue', hidden: true },
      { key: 'total', align: 'right' },
      { key: 'currency', title: '' },
      { key: 'refunded', hidden: true },
      { key: 'disputed', hidden: true },
      { key: 'plan', optional: true },
      { key: 'period_start', hidden: true },
      { key: 'period_end', hidden: true },
      { key: 'issued_at', title: 'issued', show: showDay },
      { key: 'due_at', title: 'due', show: showDay, optional: true },
      { key: 'paid_at', hidden: true },
      { key: 'voided_at', hidden: true },
      { key: 'subscription', hidden: true },
      { key: 'id', hidden: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    footer: more ? [`Next page: subctl invoices list --after ${quoted(more.number)}`] : [],
    empty: 'No invoices',
  };
}
