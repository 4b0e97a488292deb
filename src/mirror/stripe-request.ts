import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import type { Head } from '../subscriptions/head.ts';
import { chooseSeats } from '../subscriptions/seats.ts';

/** What Stripe is to be asked; null where it is so already. */
export type StripeRequest =
  | { call: 'update'; params: Stripe.SubscriptionUpdateParams; says: string }
  | { call: 'cancel' | 'resume' | 'release'; says: string }
  /** from the end of the period on */
  | { call: 'schedule'; items: { price: string; quantity: number }[]; says: string }
  | null;

export interface Owned {
  head: Head;
  /** as Stripe has it now */
  found: Stripe.Subscription;
  item: Stripe.SubscriptionItem;
  now: Date;
}

/** Stripe charges for what is more at once, and changes nothing where that does not go through (R33). */
export const chargedNow = {
  proration_behavior: 'always_invoice',
  payment_behavior: 'error_if_incomplete',
} as const;

/** The request for so many seats; null where there are as many. More are charged at once, fewer hold at once. */
export async function seatsRequest(
  db: Db,
  { head, found, item }: Owned,
  asked: number,
): Promise<StripeRequest> {
  const { customer, plan } = head;
  const [version] = await db<[{ perSeat: boolean; maxUsers: number | null }]>`
    select per_seat as "perSeat", max_users as "maxUsers" from subctl.plan_versions where plan_id = ${plan} and version = ${head.version}`;
  const seats = await chooseSeats(db, { customer, terms: { plan, ...version } as never, asked });
  const held = item.quantity ?? 1;
  if (seats === held) return null;
  const isMore = seats > held && found.status !== 'trialing';
  return {
    call: 'update',
    params: {
      items: [{ id: item.id, quantity: seats }],
      ...(isMore ? chargedNow : { proration_behavior: 'none' as const }),
    },
    says: `${customer} has ${seats} seats of ${plan} now, until now ${held}`,
  };
}

/** The request that takes a cancellation back; null where none waits. */
export function reactivateRequest({ found }: Owned): StripeRequest {
  if (found.schedule !== null) return { call: 'release', says: 'The change that was waiting is taken back' };
  return found.cancel_at_period_end || found.cancel_at !== null
    ? { call: 'update', params: { cancel_at_period_end: false }, says: 'The cancellation is taken back' }
    : null;
}
