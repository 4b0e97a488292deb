import type { Connection } from '../../src/database/connect.ts';
import type { Issued } from './bills.ts';

/** The invoices of a customer whose numbers are not known, the first first. */
export async function readInvoices(
  sql: Connection,
  customer: string,
  known: ReadonlySet<string>,
): Promise<Issued[]> {
  const rows = await sql<{ number: string; start: Date; issued: Date; due: Date }[]>`
    select number, period_start as start, issued_at as issued, due_at as due
      from subctl.invoices where customer_id = ${customer} order by issued_at, period_start`;
  return rows
    .filter(({ number }) => !known.has(number))
    .map(({ number, start, issued, due }) => {
      const [startedAt, issuedAt, dueAt] = [start.getTime(), issued.getTime(), due.getTime()];
      return { number, start: startedAt, issuedAt, dueAt };
    });
}
