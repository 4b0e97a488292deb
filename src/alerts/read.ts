import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';

/** Marks a customer's alerts of up to `until` (included) as read and returns how many were unread. Failure not_found. */
export async function readAlerts(
  tx: Db,
  { customer, meter, until, now }: { customer: string; meter?: string | undefined; until: Date; now: Date },
): Promise<number> {
  await needCustomer(tx, customer);
  const rows = await tx`
    update subctl.alerts set read_at = ${now}
     where customer_id = ${customer} and read_at is null and at <= ${until} and (${meter ?? null}::text is null or meter_id = ${meter ?? null})
    returning 1`;
  return rows.length;
}
