import { exportInvoices as pages } from '../../invoices/export.ts';
import type { RowsOutcome } from '../../terminal/outcome.ts';
import type { InputOf } from '../command.ts';
import type { Context } from '../context.ts';
import type { exportInvoices } from './spec.ts';

/** Prints the lines of invoices. */
export async function run(context: Context, input: InputOf<typeof exportInvoices>): Promise<RowsOutcome> {
  const { customer, from, to } = input;
  const keys = [
    'number',
    'customer',
    'status',
    'currency',
    'total',
    'issued_at',
    'due_at',
    'paid_at',
    'voided_at',
  ];
  const ofLine = [
    'line',
    'kind',
    'description',
    'quantity',
    'unit_amount',
    'amount',
    'period_start',
    'period_end',
  ];
  return {
    columns: [...keys, ...ofLine].map((key) => ({ key })),
    rows: pages(await context.database(), { customer, from, to }),
    empty: 'No invoices',
  };
}
