import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import type { LiveSubscription } from '../subscriptions/live-subscription.ts';
import { instantOf } from '../payments/stripe-values.ts';
import { chooseSeats } from '../subscriptions/seats.ts';
import { waitingPhase } from './schedule-change.ts';
import { endOf, withoutEnd } from './subscription-end.ts';
import type { LaterRequest } from './later-request.ts';

interface Asked {
  /** what was done, once Stripe confirms it */
  says: string;
  /** whether Stripe has that state, by its own answer afterwards */
  holds: (answered: Stripe.Subscription) => boolean;
}

/** A request to Stripe; null where Stripe already has that state. */
export type StripeRequest =
  /** `goesOn`: a cancellation in any form is undone with it */
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

/** Stripe charges an increase at once, and changes nothing where the payment fails (R33). */
export const chargedNow = {
  proration_behavior: 'always_invoice',
  payment_behavior: 'error_if_incomplete',
} as const;

/** Builds the request for a number of seats; null where it is the same. More are charged at once; fewer take effect at once. */
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
    says: `${customer} has ${seats} seats of ${plan} now instead of ${held}`,
    holds: (answered) => itemOf(answered, item.id)?.quantity === seats,
  };
}

/** The item of an id, as Stripe has it now. */
export const itemOf = (found: Stripe.Subscription, id: string): Stripe.SubscriptionItem | undefined =>
  found.items.data.find((each) => each.id === id);

/** Builds the request that cancels a pending change, or undoes a cancellation in either of its forms; null where there is neither. */
export function reactivateRequest({ head, found, item }: Owned): StripeRequest {
  const end = item.current_period_end;
  const holds = (answered: Stripe.Subscription) =>
    endOf(answered) === null && waitingPhase(answered, end) === undefined;
  const renews = `${head.customer} has ${head.plan}, which renews at ${instantOf(end).toISOString()}`;
  if (waitingPhase(found, end) || (found.schedule !== null && endOf(found) !== null))
    return { call: 'release', says: `The pending change is canceled: ${renews}`, holds };
  if (endOf(found) === null) return null;
  return {
    call: 'update',
    params: withoutEnd(found),
    goesOn: true,
    says: `The cancellation is undone: ${renews}`,
    holds,
  };
}
