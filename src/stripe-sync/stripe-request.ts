import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import type { LiveSubscription } from '../subscriptions/live-subscription.ts';
import { instantOf } from '../payments/stripe-values.ts';
import { chooseSeats } from '../subscriptions/seats.ts';
import { waitingPhase } from './schedule-change.ts';
import { endOf, withoutEnd } from './subscription-end.ts';
import type { LaterRequest } from './later-request.ts';

interface Asked {
  /** what has been done, once Stripe says so too */
  says: string;
  /** whether Stripe has it so, by its own answer afterwards */
  holds: (answered: Stripe.Subscription) => boolean;
}

/** What Stripe is to be asked; null where it is so already. */
export type StripeRequest =
  /** `goesOn`: an end that is noted in any form is taken back with it */
  | ({ call: 'update'; params: Stripe.SubscriptionUpdateParams; goesOn?: boolean } & Asked)
  | ({ call: 'cancel' | 'resume' | 'release' } & Asked)
  | ({ call: 'schedule'; later: LaterRequest } & Asked)
  | null;

export interface Owned {
  head: LiveSubscription;
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
    holds: (answered) => itemOf(answered, item.id)?.quantity === seats,
  };
}

/** The item of an id, as Stripe has it now. */
export const itemOf = (found: Stripe.Subscription, id: string): Stripe.SubscriptionItem | undefined =>
  found.items.data.find((each) => each.id === id);

/** The request that takes back a change that waits, or a cancellation in either of its forms; null where neither is there. */
export function reactivateRequest({ head, found, item }: Owned): StripeRequest {
  const end = item.current_period_end;
  const holds = (answered: Stripe.Subscription) =>
    endOf(answered) === null && waitingPhase(answered, end) === undefined;
  const renews = `${head.customer} has ${head.plan}, which renews at ${instantOf(end).toISOString()}`;
  if (waitingPhase(found, end) || (found.schedule !== null && endOf(found) !== null))
    return { call: 'release', says: `The change that was waiting is taken back: ${renews}`, holds };
  if (endOf(found) === null) return null;
  return {
    call: 'update',
    params: withoutEnd(found),
    goesOn: true,
    says: `The cancellation is taken back: ${renews}`,
    holds,
  };
}
