import { eq } from 'drizzle-orm';
import { faultOfId } from '../customers/customer-id.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { orm } from '../database/orm.ts';
import { boundAccounts } from '../database/schema/tokens.ts';
import { Failure } from '../domain/failure.ts';

/** The customer to which an account is bound; undefined where it is not. */
export async function findBinding(db: Db, account: string): Promise<string | undefined> {
  const [row] = await orm(db)
    .select({ customer: boundAccounts.onlyCustomer })
    .from(boundAccounts)
    .where(eq(boundAccounts.account, account));
  return row?.customer;
}

/** @throws Failure usage for what cannot be the id of a customer */
export function checkBoundTo(customer: string): void {
  const wrong = faultOfId(customer, { emailAllowed: true });
  if (wrong) throw new Failure('usage', `The customer id '${customer}' ${wrong.fault}`, { hint: wrong.hint });
}

/**
 * Writes down that an account may speak for `customer` alone, in place of the one before. The account has the role already.
 * @throws Failure refused where it may speak for all of them by other means, so that the binding would not hold
 */
export async function writeBinding(
  tx: Db,
  change: Change,
  { account, customer }: { account: string; customer: string },
): Promise<void> {
  if (await speaksForAll(tx, account))
    throw new Failure('refused', `${account} would not be bound: it may speak for every customer already`, {
      hint: `it is a superuser, owns the schema, or has another role: subctl roles list. Take an account of its own`,
    });
  const row = { account, onlyCustomer: customer, createdAt: change.at, changeId: change.id };
  await orm(tx)
    .insert(boundAccounts)
    .values(row)
    .onConflictDoUpdate({ target: boundAccounts.account, set: row });
}

export async function dropBinding(tx: Db, account: string): Promise<void> {
  await orm(tx).delete(boundAccounts).where(eq(boundAccounts.account, account));
}

async function speaksForAll(db: Db, account: string): Promise<boolean> {
  const [row] = await db<[{ all: boolean }]>`
    select has_function_privilege(${account}::name, 'subctl_internal.any_customer()', 'execute') as all`;
  return row.all;
}
