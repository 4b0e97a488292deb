import type { Connection } from '../database/connect.ts';

export interface ExportFilter {
  customer?: string | undefined;
  /** issued from here on, and before `to` */
  from?: Date | undefined;
  to?: Date | undefined;
}

/**
 * Exports the lines of all invoices with their invoice's columns, oldest first, a thousand at a time: memory does not grow with their
 * number.
 */
export async function* exportInvoices(
  connection: Connection,
  { customer = null, from = null, to = null }: { [K in keyof ExportFilter]: ExportFilter[K] | null },
): AsyncGenerator<Record<string, unknown>> {
  const pages = connection`
    select i.number, i.customer_id as customer, i.status, i.currency, i.total, i.issued_at, i.due_at, i.paid_at, i.voided_at, l.position as line, l.kind,
           l.description, l.quantity, l.unit_amount, l.amount, l.period_start, l.period_end
      from subctl.invoices i
      join subctl.invoice_lines l on l.customer_id = i.customer_id and l.invoice_id = i.id
     where (${customer ?? null}::text is null or i.customer_id = ${customer ?? null})
       and (${from ?? null}::timestamptz is null or i.issued_at >= ${from ?? null}) and (${to ?? null}::timestamptz is null or i.issued_at < ${to ?? null})
     order by i.issued_at, i.customer_id, i.number, l.position`.cursor(1_000);
  for await (const rows of pages) yield* rows;
}
