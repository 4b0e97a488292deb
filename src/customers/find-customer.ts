import type { customers } from '../database/schema/customers.ts';
import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** A customer, under the application's own id. */
export type Customer = Pick<
  typeof customers.$inferSelect,
  ('id' | 'kind' | 'name' | 'email' | 'timezone' | 'currency' | 'metadata') | ('createdAt' | 'disabledAt')
>;

/** Finds the customer of that id; undefined when there is none. */
export async function findCustomer(db: Db, id: string): Promise<Customer | undefined> {
  const rows = await db<Customer[]>`
    select id, kind, name, email, timezone, currency, metadata, created_at as "createdAt", disabled_at as "disabledAt"
      from subctl.customers where id = ${id}`;
  return rows[0];
}

/** Finds the customer of that id. @throws Failure not_found */
export async function getCustomer(db: Db, id: string): Promise<Customer> {
  const customer = await findCustomer(db, id);
  if (customer) return customer;
  throw noCustomer(id);
}

/** Checks that a customer exists, without reading personal data. @throws Failure not_found */
export async function needCustomer(db: Db, id: string): Promise<void> {
  const [row] = await db`select 1 from subctl.customers where id = ${id}`;
  if (!row) throw noCustomer(id);
}

function noCustomer(id: string): Failure {
  return new Failure('not_found', `There is no customer '${id}'`, {
    hint: `Search for it: subctl customers list --search '${id.slice(0, 40)}', or add it: subctl customers add`,
  });
}

/** Locks the customer for the rest of the transaction: other writers of its usage, credits or subscription wait. */
export async function lockCustomer(tx: Db, id: string): Promise<Customer> {
  await tx`select subctl_internal.ensure_customer_windows(c.id) from subctl.customers c
            where c.id = ${id} and not exists (select from subctl.usage_totals t where t.customer_id = c.id)`;
  await call(tx, 'subctl_internal.lock_subscriptions', { customers: [id] });
  return getCustomer(tx, id);
}

/** A customer as `--json` shows it. */
export function describeCustomer(customer: Customer): Record<string, unknown> {
  const { id, kind, name, email, timezone, currency, metadata, createdAt, disabledAt } = customer;
  return {
    id,
    kind,
    name,
    email,
    timezone,
    currency,
    metadata,
    created_at: createdAt,
    disabled_at: disabledAt,
  };
}
