import type { Change } from '../database/change.ts';
import { audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** Finds our customer of a customer at Stripe; undefined when none is linked. */
export async function findOwner(db: Db, stripeCustomer: string): Promise<string | undefined> {
  const rows = await db<{ id: string }[]>`
    select id from subctl.customers where stripe_customer_id = ${stripeCustomer} order by id limit 2`;
  if (rows.length < 2) return rows[0]?.id;
  throw new Failure(
    'conflict',
    `${rows[0]!.id} and ${rows[1]!.id} are linked with the same Stripe customer, ${stripeCustomer}`,
    {
      hint: 'link one of them with another: subctl stripe adopt',
    },
  );
}

/** Finds the customer at Stripe with which a customer was linked last, deleted there or not. */
export async function findLink(db: Db, customer: string): Promise<string | undefined> {
  const [row] = await db<{ id: string | null }[]>`
    select stripe_customer_id as id from subctl.customers where id = ${customer}`;
  return row?.id ?? undefined;
}

/** Finds the customer at Stripe of a customer; undefined when it was deleted there. */
export async function findStripeCustomer(db: Db, customer: string): Promise<string | undefined> {
  const [row] = await db<{ id: string | null }[]>`
    select nullif(c.stripe_customer_id, m.deleted_id) as id
      from subctl.customers c left join subctl.stripe_mirrors m on m.customer_id = c.id where c.id = ${customer}`;
  return row?.id ?? undefined;
}

/**
 * Links a customer with a customer at Stripe; linking the same again changes nothing. The caller has locked the customer.
 * @throws Failure conflict when either side is linked with another
 */
export async function linkCustomer(
  tx: Db,
  change: Change,
  {
    customer,
    stripeCustomer,
    replace = false,
  }: { customer: string; stripeCustomer: string; replace?: boolean },
): Promise<boolean> {
  const before = await findStripeCustomer(tx, customer);
  if (before === stripeCustomer) return false;
  const owner = await findOwner(tx, stripeCustomer);
  if (owner !== undefined)
    throw new Failure(
      'conflict',
      `Stripe customer ${stripeCustomer} is already linked with ${owner}, not with ${customer}`,
    );
  if (before !== undefined && !replace) {
    throw new Failure(
      'conflict',
      `${customer} is linked with Stripe customer ${before}, not with ${stripeCustomer}`,
      {
        hint: 'move the subscription in the Stripe Dashboard, or link the other one: subctl stripe adopt --replace',
      },
    );
  }
  await tx`update subctl.customers set stripe_customer_id = ${stripeCustomer} where id = ${customer}`;
  await audit(tx, change, [
    {
      customer,
      entity: 'customer',
      key: customer,
      before: { stripe_customer_id: before ?? null },
      after: { stripe_customer_id: stripeCustomer },
    },
  ]);
  return true;
}
