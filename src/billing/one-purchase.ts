import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { LivePurchase } from '../payments/gateway.ts';

/**
 * Refuses to sell or charge what a customer has bought at the provider as well. A subscription to another product of the same account does
 * not count.
 * @throws Failure refused, which `isSecondPurchase` recognizes
 */
export async function refuseSecondPurchase(
  db: Db,
  { customer, bought }: { customer: string; bought: readonly LivePurchase[] },
): Promise<void> {
  if (bought.length === 0) return;
  const rows = await db<{ id: string; plan: string }[]>`
    select k.id, k.plan_id as plan
      from (select stripe_price_id as id, plan_id from subctl.plan_prices
            union select stripe_price_id, plan_id from subctl.plan_stripe_prices) k
     where k.id = any(${bought.flatMap(({ prices }) => prices)}::text[])`;
  const plans = new Map(rows.map(({ id, plan }) => [id, plan]));
  for (const { id, status, prices } of bought) {
    const sold = prices.find((price) => plans.has(price));
    if (sold === undefined) continue;
    throw new Failure(
      'refused',
      `${customer} has ${plans.get(sold)!} at Stripe already: ${id} is ${status}`,
      {
        hint: `subctl stripe reconcile --customer ${customer} --apply`,
        details: { second_purchase: id },
      },
    );
  }
}

/** Whether a charge is refused only while the other purchase lives: such a charge waits and is not declined. */
export function isSecondPurchase(error: unknown): boolean {
  return error instanceof Failure && error.details?.['second_purchase'] !== undefined;
}
