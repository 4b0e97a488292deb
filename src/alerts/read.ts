import { and, eq, isNull, lte } from 'drizzle-orm';
import { needCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { alerts } from '../database/schema/usage.ts';

/** Marks a customer's alerts of up to `until` (included) as read and returns how many were unread. Failure not_found. */
export async function readAlerts(
  tx: Db,
  { customer, meter, until, now }: { customer: string; meter?: string | undefined; until: Date; now: Date },
): Promise<number> {
  await needCustomer(tx, customer);
  const isOfMeter = meter === undefined ? undefined : eq(alerts.meterId, meter);
  const isUnread = and(
    eq(alerts.customerId, customer),
    isNull(alerts.readAt),
    lte(alerts.at, until),
    isOfMeter,
  );
  const rows = await orm(tx).update(alerts).set({ readAt: now }).where(isUnread).returning({ at: alerts.at });
  return rows.length;
}
