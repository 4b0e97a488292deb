import { listBilledPeriods } from '../../invoices/billing-history.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { limitOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl invoices history ann', 'period by period'],
    ['subctl invoices history ann --format markdown', 'the same for a letter'],
  ],
  exits: [3],
  rows: 'list',
})
  .description(
    'The newest period first. The base is the plan’s price, less what was not used of the plan ' +
      'before. What the period’s use cost by the price list stands beside it, in the cost currency; it ' +
      'is not charged.',
  )
  .argument('<customer>', 'id of the customer')
  .addOption(limitOption);

/** Prints what each period of a customer came to. */
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
    title: `Periods of ${customer}`,
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
      { ...amount('usage_cost', 'use cost us'), optional: true },
      { key: 'cost_currency', hidden: true },
      { key: 'invoice', optional: true },
    ],
    rows: rows.map((row) => ({ ...row })),
    empty: `Nothing was billed to ${customer}`,
  };
}
