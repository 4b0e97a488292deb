import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Refuses a customer of the payment provider that another customer here has, so that no card is charged for another customer.
 * @throws Failure conflict
 */
export async function refuseOthersPayer(
  db: Db,
  { customer, providerId }: { customer: string; providerId: string },
): Promise<void> {
  const [other] = await db<{ id: string }[]>`
    select id from subctl.customers where stripe_customer_id = ${providerId} and id <> ${customer} order by id limit 1`;
  if (!other) return;
  throw new Failure(
    'conflict',
    `${providerId} of Stripe already belongs to ${other.id}, not to ${customer}`,
    {
      hint: `link ${customer} to its own: subctl stripe adopt ${customer} cus_… --replace`,
      details: { stripe_customer: providerId, belongs_to: other.id },
    },
  );
}
