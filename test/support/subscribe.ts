import type { Connection } from '../../src/database/connect.ts';

const at = new Date('2025-01-01T00:00:00Z');

/** Gives a customer, made here, a complimentary month of the current version of a plan. */
export async function subscribe(
  sql: Connection,
  { customer, plan }: { customer: string; plan: string },
): Promise<void> {
  await sql`select subctl_internal.create_customer(${customer}, ${at})`;
  await sql`
    select * from subctl_internal.start_subscriptions(array[${customer}]::text[], array[${at}]::timestamptz[], ${plan},
      (select current_version from subctl.plans where id = ${plan}), '1mo', null, null, 'complimentary', 0, true, null, 'tester', null, 'new',
      null, ${at}, 'test')`;
}
