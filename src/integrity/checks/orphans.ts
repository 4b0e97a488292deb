import type { Check } from '../check.ts';
import type { Db } from '../../database/connect.ts';

const tables = [
  'customer_zones',
  'members',
  'invitations',
  'subscriptions',
  'subscription_segments',
  'limit_overrides',
  'usage_resets',
  'renewals',
  'credit_grants',
  'credit_entries',
  'invoices',
  'invoice_lines',
  'payments',
  'usage_events',
  'usage_keys',
  'usage_state',
  'usage_totals',
  'usage_counters',
  'usage_adjustments',
  'usage_marks',
  'reservations',
  'alerts',
  'notifications',
] as const;

const rows = (db: Db) =>
  tables
    .map(
      (table) =>
        db`select customer_id, ${table} as what, count(*) as rows from subctl.${db(table)} group by 1`,
    )
    .reduce((all, one) => db`${all} union all ${one}`);

/** Every row of a customer belongs to a customer that exists, and every count to a meter. */
export const orphans: Check = {
  name: 'orphans',
  asserts: 'Every row of a customer belongs to a customer that exists, and every count to a meter',
  findings: (db) => db`
    select r.customer_id as customer, r.what, 'a customer ' || r.customer_id as expected, r.rows || ' rows of none' as found
      from (${rows(db)}) r
     where not exists (select from subctl.customers c where c.id = r.customer_id)
       and (r.what, r.customer_id) <> ('notifications', '') -- the operator's
    union all
    select c.customer_id, 'windows of ' || c.meter_id, 'a meter ' || c.meter_id, 'none'
      from subctl.usage_counters c where not exists (select from subctl.meters m where m.id = c.meter_id)`,
};
