import type { Renamed } from '../database/columns.ts';
import type { invoices } from '../database/schema/invoices.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** An invoice as its row stores it. */
export type Invoice = Renamed<
  Pick<
    typeof invoices.$inferSelect,
    | ('id' | 'customerId' | 'number' | 'status' | 'currency' | 'total' | 'subscriptionId' | 'sourceKey')
    | ('periodStart' | 'periodEnd' | 'issuedAt' | 'dueAt' | 'paidAt' | 'voidedAt')
  >,
  { customerId: 'customer'; subscriptionId: 'subscription' }
>;

/**
 * Finds the invoice of a number or an id. Numbers run per customer and begin with characters of the customer, so two customers rarely have
 * the same one; then the customer must be given.
 * @throws Failure not_found, or conflict that names the customers who have it
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
      `Several customers have an invoice ${number}: ${rows.map((row) => row.customer).join(', ')}`,
      { hint: 'Choose one with --customer' },
    );
  }
  throw new Failure('not_found', `There is no invoice '${number}'${customer ? ` of ${customer}` : ''}`, {
    hint: 'subctl invoices list',
  });
}
