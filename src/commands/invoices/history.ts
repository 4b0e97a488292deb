import { listBilledPeriods } from '../../invoices/billing-history.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { invoiceHistory } from './spec.ts';

/** Prints what each period of a customer came to. */
export async function run(
  context: Context,
  { customer, limit }: InputOf<typeof invoiceHistory>,
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
