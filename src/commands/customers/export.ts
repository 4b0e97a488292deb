import { inTransaction } from '../../database/transaction.ts';
import { exportPerson } from '../../privacy/export-person.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl customers export ann --json > ann.json', 'export everything'],
    ['subctl customers export ann --part usage_events --format csv', 'one table, for a spreadsheet'],
  ],
  exits: [3],
  rows: true,
  parts: [
    'customers',
    'alerts',
    'api_tokens',
    'audit_log',
    'bound_accounts',
    'changes',
    'credit_entries',
    'credit_grants',
    'customer_zones',
    'discount_redemptions',
    'disputes',
    'invitations',
    'invoice_lines',
    'invoices',
    'limit_overrides',
    'members',
    'notification_preferences',
    'notifications',
    'parked',
    'payments',
    'refunds',
    'renewals',
    'reservations',
    'stripe_events',
    'stripe_mirrors',
    'stripe_overages',
    'subscription_phases',
    'subscriptions',
    'usage_adjustments',
    'usage_counters',
    'usage_events',
    'usage_keys',
    'usage_rolling_totals',
    'usage_resets',
    'customer_windows',
    'usage_totals',
  ],
})
  .description(
    'Exports every row about a customer, by table: fields, members, subscriptions, usage, credits, ' +
      'invoices, payments, notifications, history. Rows of a person who is a member of groups are ' +
      'included. Secrets of the installation are left out. All tables are read in one snapshot. --json ' +
      'prints everything; CSV prints one table, chosen by --part.',
  )
  .argument('<customer>', 'id of the customer, or of a member of a group');

/** Exports all data about a person, from one snapshot. */
export async function run(context: Context, id: string): Promise<Outcome> {
  const { person, tables } = await inTransaction(await context.database(), (tx) => exportPerson(tx, id), {
    readOnly: true,
  });
  const rows = Object.entries(tables)
    .filter(([, held]) => held.length > 0)
    .map(([table, held]) => ({ table, rows: held.length }));
  const { customer, groups } = person;
  return {
    record: {
      person: id,
      exported_at: await context.now(),
      is_customer: customer !== undefined,
      groups,
      ...tables,
    },
    sections: [
      {
        title: `Data about ${id}: --json prints all of it, --part TABLE --format csv one table`,
        columns: [{ key: 'table' }, { key: 'rows', align: 'right' }],
        rows,
      },
    ],
  };
}
