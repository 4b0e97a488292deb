import type { Connection } from '../../database/connect.ts';
import { getCustomerId } from '../../tasks/get-customer-id.ts';
import { listNext } from '../../tasks/list-upcoming.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';

const columns: Column[] = [
  { key: 'at' },
  { key: 'days', title: 'in days', align: 'right' },
  { key: 'customer', hidden: true },
  { key: 'task' },
  { key: 'action' },
  { key: 'reason', optional: true },
  { key: 'subject', hidden: true },
];

/** The next reset, expiry and renewal of one customer, with no limit on how far ahead. */
export async function nextOfCustomer(db: Connection, customer: string, now: Date): Promise<Outcome> {
  await getCustomerId(db, customer);
  const rows = await listNext(db, customer, now);
  const days = (at: Date) => Math.floor((at.getTime() - now.getTime()) / 86_400_000);
  return {
    columns,
    title: `Next dates of ${customer}`,
    rows: rows.map((row) => ({ ...row, days: days(row.at) })),
    empty: `No reset, expiry or renewal is ahead for ${customer}.`,
  };
}
