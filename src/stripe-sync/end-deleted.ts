import { callRows } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';

interface Deleted {
  customer: string;
  /** the subscriptions that Stripe still returns: they end at Stripe's own instant */
  there: readonly string[];
  at: Date;
}

/** Ends the subscriptions of a customer that was deleted at Stripe. One that Stripe no longer returns ends when that is noticed. */
export async function endDeleted(tx: Db, change: Change, { customer, there, at }: Deleted): Promise<void> {
  const rows = await tx<{ id: string }[]>`
    select id from subctl.subscriptions
     where customer_id = ${customer} and collection = 'stripe' and ended_at is null and stripe_subscription_id <> all (${[...there]}::text[])`;
  for (const { id } of rows)
    await callRows(tx, 'subctl_internal.end_subscriptions', {
      p_customers: [customer],
      p_subscriptions: [id],
      p_ended_at: [at],
      p_statuses: ['canceled'],
      p_cause: 'cancel',
      p_reasons: ['the customer was deleted at Stripe'],
      p_as_of: at,
      p_change: change.id,
    });
}

/** Stores that a customer at Stripe was deleted, so that the next purchase creates another. */
export async function noteDeleted(tx: Db, customer: string, stripeCustomer: string): Promise<void> {
  await tx`update subctl.stripe_mirrors set deleted_id = ${stripeCustomer} where customer_id = ${customer}`;
}
