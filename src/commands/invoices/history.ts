import { listBilledPeriods } from '../../invoices/billing-history.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { limitOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices history ann', 'one row per period'],
    ['subctl invoices history ann --format markdown', 'the same as a Markdown table'],
  ],
  exits: [3],
  rows: 'list',
})
  .description(
    'The newest period comes first. The base is the price of the plan, minus the credit for unused ' +
      'time of the previous plan. The usage cost is what the usage of the period costs by the price ' +
      'list, in the cost currency. It is not charged.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(limitOption);

/** Prints the billed amounts of each period of a customer. */
export async function run(
  context: Context,
  customer: string,
  { limit }: Options<typeof command>,
): Promise<RowsOutcome> {
  const rows = await listBilledPeriods(await context.database(), { customer, limit });
  const amount = (key: string, title?: string) => ({
    key,
    align: 'right' as const,
    ...(title !== undefined && { title }),
  });
  return {
    title: `Billing periods of ${customer}`,
    columns: [
      { key: 'period_start', title: 'from' },
      { key: 'period_end', title: 'to', optional: true },
      amount('base'),
      amount('overage'),
      amount('discount'),
      amount('total'),
      { key: 'currency', title: '' },
      { key: 'status' },
      { key: 'paid', hidden: true },
      { key: 'refunded', hidden: true },
      { key: 'disputed', hidden: true },
      { ...amount('usage_cost', 'usage cost'), optional: true },
      { key: 'cost_currency', hidden: true },
      { key: 'invoice', optional: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: `Nothing was billed to ${customer}`,
  };
}
