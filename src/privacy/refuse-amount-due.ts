import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** @throws Failure refused when the customer owes something, or has a subscription for money that goes on */
export async function refuseAmountDue(tx: Db, id: string): Promise<void> {
  const reasons = await tx<{ sentence: string }[]>`
    select format('invoice %s of %s %s is open', number, total, currency) as sentence
      from subctl.invoices where customer_id = ${id} and status = 'open' and total > 0
    union all
    select format('a payment of %s %s is under way', amount, currency)
      from subctl.payments where customer_id = ${id} and ask_at is not null
    union all
    select format('the subscription to %s goes on', plan_id)
      from subctl.subscriptions
     where customer_id = ${id} and ended_at is null and (price > 0 or stripe_subscription_id is not null)
     order by 1`;
  if (reasons.length === 0) return;
  throw new Failure(
    'refused',
    `Customer ${id} is not erased: ${reasons.map(({ sentence }) => sentence).join('; ')}`,
    {
      hint: `settle it (subctl invoices pay, subctl invoices void, subctl subscriptions cancel ${id} --now), or give --force`,
    },
  );
}
