import type { ShownInvoice } from '../../invoices/show.ts';
import type { Column, Section } from '../../terminal/outcome.ts';

/** The fields of invoice line items in CSV and TSV. */
export const lineFields = [
  ...['number', 'kind', 'description', 'quantity', 'unit_amount', 'amount', 'currency'],
  ...['period_start', 'period_end'],
];

const lineColumns: readonly Column[] = [
  { key: 'description', title: 'description' },
  { key: 'period_start', title: 'from', optional: true },
  { key: 'period_end', title: 'to', optional: true },
  { key: 'quantity', align: 'right', optional: true },
  { key: 'unit_amount', title: 'unit price', align: 'right', optional: true },
  { key: 'amount', align: 'right' },
];

/** The sections of an invoice: its facts, its line items, its payments. */
export function sectionsOf(invoice: ShownInvoice): Section[] {
  return [{ entries: entriesOf(invoice) }, linesOf(invoice), ...paymentsOf(invoice)];
}

export const linesOf = ({ lines }: Pick<ShownInvoice, 'lines'>): Section => ({
  title: 'Line items',
  columns: lineColumns,
  rows: lines.map((line) => ({ ...line })),
});

function entriesOf(invoice: ShownInvoice): [string, unknown][] {
  const { currency } = invoice;
  const entries: [string, unknown][] = [
    ['customer', invoice.customer],
    ['name', invoice.name],
    ['status', invoice.overdue ? 'overdue' : invoice.status],
    ['total', `${invoice.total} ${currency}`],
    ['amount due', invoice.due === '0' ? null : `${invoice.due} ${currency}`],
    ['refunded', invoice.refunded === '0' ? null : `${invoice.refunded} ${currency}`],
    ['lost in disputes', invoice.disputed === '0' ? null : `${invoice.disputed} ${currency}`],
    ['paid from balance', invoice.balance === '0' ? null : `${invoice.balance} ${currency}`],
    ['credit notes', invoice.credit_notes === '0' ? null : `${invoice.credit_notes} ${currency}`],
    ['paid outside Stripe', invoice.out_of_band === '0' ? null : `${invoice.out_of_band} ${currency}`],
    ['issued', invoice.issued_at],
    ['due', invoice.due_at],
    ['paid', invoice.paid_at],
    ['voided', invoice.voided_at],
    ['period from', invoice.period_start],
    ['period to', invoice.period_end],
  ];
  return entries.filter(([, value]) => value !== null);
}

function paymentsOf({ payments }: ShownInvoice): Section[] {
  if (payments.length === 0) return [];
  const columns = ['at', 'status', 'amount', 'refunded', 'provider', 'reference', 'error'].map((key) => ({
    key,
    ...(/amount|refunded/.test(key) && { align: 'right' as const }),
    ...(/error|provider/.test(key) && { optional: true }),
  }));
  return [{ title: 'Payments', columns, rows: payments.map((payment) => ({ ...payment })) }];
}
