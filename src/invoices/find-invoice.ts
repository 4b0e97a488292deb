import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** An invoice as its own row says it. */
export interface Invoice {
  id: string;
  customer: string;
  number: string;
  status: 'open' | 'paid' | 'void' | 'uncollectible';
  currency: string;
  total: string;
  subscription: string | null;
  sourceKey: string;
  periodStart: Date | null;
  periodEnd: Date | null;
  issuedAt: Date;
  dueAt: Date | null;
  paidAt: Date | null;
  voidedAt: Date | null;
}

/**
 * The invoice of a number, or of its id. Numbers run per customer and begin with signs of the customer, so two customers hardly ever have
 * the same: then the customer must be said.
 * @throws Failure not_found, or conflict naming those who have it
 */
export async function getInvoice(
  db: Db,
  { number, customer = null }: { number: string; customer?: string | null | undefined },
): Promise<Invoice> {
  const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(number) ? number : null;
  const rows = await db<Invoice[]>`
    select id, customer_id as customer, number, status, currency, trim_scale(total)::text as total, subscription_id as subscription,
           source_key as "sourceKey", period_start as "periodStart", period_end as "periodEnd", issued_at as "issuedAt", due_at as "dueAt",
           paid_at as "paidAt", voided_at as "voidedAt"
      from subctl.invoices
     where (number = ${number} or id = ${id}::uuid) and (${customer}::text is null or customer_id = ${customer})
     order by customer_id limit 5`;
  if (rows.length === 1) return rows[0]!;
  if (rows.length > 1) {
    throw new Failure(
      'conflict',
      `Invoice ${number} is one of each of ${rows.map((row) => row.customer).join(', ')}`,
      { hint: 'Say whose with --customer' },
    );
  }
  throw new Failure('not_found', `There is no invoice '${number}'${customer ? ` of ${customer}` : ''}`, {
    hint: 'subctl invoices list',
  });
}
