import type { Db } from '../database/connect.ts';

/** Objects of a customer that must be read from Stripe by their ids, because they may have changed there without appearing in a list. */
export interface KnownHere {
  /** live subscriptions, by Stripe's ids */
  subscriptions: string[];
  /** payments with refunds, done or planned, by Stripe's ids */
  refunded: string[];
  /** payments with disputes */
  disputed: string[];
  /** open warnings of fraud */
  warnings: string[];
}

/** Reads these objects of a customer. */
export async function readKnown(db: Db, customer: string): Promise<KnownHere> {
  const [row] = await db<[KnownHere]>`
    select array(select s.stripe_subscription_id from subctl.subscriptions s
                  where s.customer_id = ${customer} and s.stripe_subscription_id is not null
                    and s.status in ('trialing', 'active', 'past_due', 'paused')) as subscriptions,
           array(select distinct p.provider_id from subctl.refunds r
                   join subctl.payments p on p.customer_id = r.customer_id and p.id = r.payment_id
                  where r.customer_id = ${customer} and r.provider = 'stripe' and p.provider_id is not null) as refunded,
           array(select distinct d.provider_id from subctl.disputes d
                  where d.customer_id = ${customer} and d.provider_id is not null and d.kind = 'dispute') as disputed,
           array(select d.id from subctl.disputes d
                  where d.customer_id = ${customer} and d.kind = 'warning' and d.status = 'actionable') as warnings`;
  return row;
}
