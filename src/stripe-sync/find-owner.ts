import type { Change } from '../database/change.ts';
import { audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** Our customer of a customer of Stripe's; undefined when it is none of ours. */
export async function findOwner(db: Db, stripeCustomer: string): Promise<string | undefined> {
  const rows = await db<{ id: string }[]>`
    select id from subctl.customers where stripe_customer_id = ${stripeCustomer} order by id limit 2`;
  if (rows.length < 2) return rows[0]?.id;
  throw new Failure(
    'conflict',
    `${rows[0]!.id} and ${rows[1]!.id} have the same customer of Stripe, ${stripeCustomer}`,
    {
      hint: 'one of them must be another: subctl stripe adopt',
    },
  );
}

/** The customer of Stripe's that a customer of ours was linked with last, deleted there or not. */
export async function findLink(db: Db, customer: string): Promise<string | undefined> {
  const [row] = await db<{ id: string | null }[]>`
    select stripe_customer_id as id from subctl.customers where id = ${customer}`;
  return row?.id ?? undefined;
}

/** The customer of Stripe's that a customer of ours has; one that was deleted there is none. */
export async function findStripeCustomer(db: Db, customer: string): Promise<string | undefined> {
  const [row] = await db<{ id: string | null }[]>`
    select nullif(c.stripe_customer_id, m.deleted_id) as id
      from subctl.customers c left join subctl.stripe_mirrors m on m.customer_id = c.id where c.id = ${customer}`;
  return row?.id ?? undefined;
}

/**
 * Notes which customer of Stripe's a customer of ours is; the same again changes nothing. The caller has locked the customer.
 * @throws Failure conflict when it has another, or another has it
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
      `${stripeCustomer} of Stripe belongs to ${owner} already, not to ${customer}`,
    );
  if (before !== undefined && !replace) {
    throw new Failure('conflict', `${customer} has the customer ${before} of Stripe, not ${stripeCustomer}`, {
      hint: 'two customers of Stripe for one of yours: move the subscription there, or adopt the other one with --replace',
    });
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
