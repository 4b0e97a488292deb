import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/**
 * Refuses a customer of the payment provider that another customer here has: nobody is charged on somebody else's card.
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
    `${providerId} of Stripe belongs to ${other.id} already, not to ${customer}`,
    {
      hint: `give ${customer} its own: subctl stripe adopt ${customer} cus_… --replace`,
      details: { stripe_customer: providerId, belongs_to: other.id },
    },
  );
}
