import type { Connection } from '../../src/database/connect.ts';
import { addCustomer } from '../../src/customers/add.ts';
import type { NewCustomer } from '../../src/customers/insert-customers.ts';
import { assignPlan } from '../../src/subscriptions/assign.ts';
import type { Assignment } from '../../src/subscriptions/assignment.ts';
import { asTester } from './catalogue.ts';

/**
 * A ladder of plans for tests. free (default, 0.00), pro (29.99 a month, 299.90 a year, 3 seats, falls to free), max (99.99 a month),
 * trial (10.00, 14 days of trial), gift (no price), carry (49.99 a month, usage carries), old (inactive), bare (no fallback, 5.00).
 */
export async function loadLadder(sql: Connection): Promise<void> {
  await sql`insert into subctl.kinds (id, canonical) values ('llm', 'llm'), ('message', 'llm'), ('image', 'image')`;
  await sql`
    insert into subctl.meters (id, name, kinds, tier) values
      ('messages', 'Messages', '{llm}', 'paid'), ('images', 'Images', '{image}', null)`;
  await sql`
    insert into subctl.plans (id, name, rank, active, is_default, fallback, current_version, created_at) values
      ('free', 'Free', 0, true, true, 'default', 1, '2025-01-01'), ('pro', 'Pro', 10, true, false, 'default', 1, '2025-01-01'),
      ('trial', 'Trial', 10, true, false, 'default', 1, '2025-01-01'), ('carry', 'Carry', 15, true, false, 'default', 1, '2025-01-01'),
      ('max', 'Max', 20, true, false, 'default', 1, '2025-01-01'), ('gift', 'Gift', 30, true, false, 'none', 1, '2025-01-01'),
      ('old', 'Old', 5, false, false, 'default', 1, '2025-01-01'), ('bare', 'Bare', 5, true, false, 'none', 1, '2025-01-01')`;
  await sql`
    insert into subctl.plan_versions (plan_id, version, created_at, credits, features, max_users, trial_days, usage_on_change) values
      ('free', 1, '2025-01-01', 10, '{}', null, 0, 'reset'), ('pro', 1, '2025-01-01', 100, '{"api_access": true}', 3, 0, 'reset'),
      ('trial', 1, '2025-01-01', 50, '{"api_access": true}', null, 14, 'reset'), ('carry', 1, '2025-01-01', null, '{}', null, 0, 'carry'),
      ('max', 1, '2025-01-01', 500, '{"api_access": true, "sso": true}', null, 0, 'reset'), ('gift', 1, '2025-01-01', null, '{"sso": true}', null, 0, 'reset'),
      ('old', 1, '2025-01-01', null, '{}', null, 0, 'reset'), ('bare', 1, '2025-01-01', null, '{}', null, 0, 'reset')`;
  await sql`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount) values
      ('free', 1, '1mo', 'USD', 0.00), ('pro', 1, '1mo', 'USD', 29.99), ('pro', 1, '1y', 'USD', 299.90), ('pro', 1, '1mo', 'EUR', 27.99),
      ('trial', 1, '1mo', 'USD', 10.00), ('carry', 1, '1mo', 'USD', 49.99), ('max', 1, '1mo', 'USD', 99.99),
      ('gift', 1, '1mo', 'USD', null), ('old', 1, '1mo', 'USD', 1.00), ('bare', 1, '1mo', 'USD', 5.00)`;
  await sql`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", limit_value) values
      ('free', 1, 'messages', 'month', 5), ('pro', 1, 'messages', 'month', 100), ('pro', 1, 'messages', 'period', 80),
      ('carry', 1, 'messages', 'period', 90), ('max', 1, 'messages', 'period', 1000), ('free', 1, 'images', 'day', 3)`;
  await sql`select subctl_internal.compile_all()`;
}

export const addOne = (sql: Connection, customer: NewCustomer, at?: Date) =>
  asTester(sql, (tx, change) => addCustomer(tx, change, customer), at);

/** Assigns at an instant, as the command does. */
export const assign = (sql: Connection, at: string, asked: Assignment) =>
  asTester(sql, (tx, change) => assignPlan(tx, change, asked), new Date(at));
