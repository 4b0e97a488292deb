import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { directionOf } from '../subscriptions/ladder.ts';
import type { Proration } from '../subscriptions/prorate.ts';
import { chooseSeats } from '../subscriptions/seats.ts';
import { getTerms } from '../subscriptions/terms.ts';
import {
  chargedNow,
  type Owned,
  reactivateRequest,
  seatsRequest,
  type StripeRequest,
} from './stripe-request.ts';

/** Another plan is wanted of a subscription that Stripe owns. */
export interface PlanWish {
  kind: 'plan';
  plan: string;
  every?: string | undefined;
  currency?: string | undefined;
  when?: 'now' | 'period-end' | undefined;
  anchor?: 'keep' | 'reset' | undefined;
  proration?: Proration | undefined;
  seats?: number | undefined;
  /** the id of the promotion code at Stripe */
  promotionCode?: string | undefined;
}

/** Refuses what is asked beside the plan, and what Stripe has no words for. @throws Failure refused, usage */
export function refuseForStripe(asked: {
  customer: string;
  collection?: string | undefined;
  trialDays?: number | undefined;
  autoRenew?: boolean | undefined;
  endsAt?: Date | undefined;
  note?: string | undefined;
  buyer?: string | undefined;
}): void {
  const { customer } = asked;
  if (asked.collection !== undefined && asked.collection !== 'stripe') {
    throw new Failure(
      'refused',
      `The subscription of ${customer} belongs to Stripe, and is not collected by ${asked.collection}`,
      {
        hint: `Let it end first: subctl subscriptions cancel ${customer}`,
      },
    );
  }
  const option =
    (asked.trialDays ? '--trial-days' : undefined) ??
    (asked.autoRenew === false ? '--no-auto-renew' : undefined) ??
    (asked.endsAt && '--ends') ??
    (asked.note !== undefined ? '--note' : undefined) ??
    (asked.buyer !== undefined ? '--buyer' : undefined);
  if (option === undefined) return;
  throw new Failure(
    'usage',
    `${option} is not for the subscription of ${customer}, which belongs to Stripe`,
    {
      hint: `Leave it out; to end it with its period: subctl subscriptions cancel ${customer}`,
    },
  );
}

/**
 * The request for another plan: up is now with a full period, charged at once; the present plan again takes a cancellation back.
 * @throws Failure refused for a plan that is not sold at Stripe, and for what would wait
 */
export async function planRequest(db: Db, owned: Owned, wish: PlanWish): Promise<StripeRequest> {
  const { head, found, item } = owned;
  const { customer } = head;
  const currency = wish.currency ?? found.currency.toUpperCase();
  const terms = await getTerms(db, { plan: wish.plan, every: wish.every, currency });
  const isSame = terms.plan === head.plan && terms.every === head.every;
  if (isSame && wish.seats !== undefined) return seatsRequest(db, owned, wish.seats);
  if (isSame) return reactivateRequest(owned);
  if (!terms.active)
    throw new Failure('refused', `Plan ${terms.plan} is inactive: nobody new gets it`, {
      hint: 'subctl plans list',
    });
  const price = await getPrice(db, terms);
  const seats = await chooseSeats(db, { customer, terms, asked: wish.seats, held: head.quantity });
  const direction = await directionOf(db, head, terms);
  checkWhen(wish, direction, customer);
  const anew = direction === 'upgrade' && wish.anchor !== 'keep' && found.status !== 'trialing';
  return {
    call: 'update',
    params: {
      items: [{ id: item.id, price, quantity: seats }],
      cancel_at_period_end: false,
      ...(wish.proration === 'none'
        ? { proration_behavior: 'none' as const, payment_behavior: 'error_if_incomplete' as const }
        : chargedNow),
      ...(anew && { billing_cycle_anchor: { type: 'now' as const } }),
      ...(wish.promotionCode !== undefined && { discounts: [{ promotion_code: wish.promotionCode }] }),
    },
    says: `${customer} has ${terms.plan} per ${terms.every} now, until now ${head.plan} per ${head.every}`,
  };
}

async function getPrice(db: Db, { plan, version, every, currency }: Priced): Promise<string> {
  const [row] = await db<{ price: string | null }[]>`
    select stripe_price_id as price from subctl.plan_prices
     where plan_id = ${plan} and version = ${version} and "interval" = ${every} and currency = ${currency ?? ''} and amount > 0`;
  if (row?.price) return row.price;
  throw new Failure(
    'refused',
    `Plan ${plan} has no price per ${every} in ${currency ?? 'any currency'} at Stripe`,
    {
      hint: `first: subctl stripe sync plans; a plan that costs nothing comes after: subctl subscriptions cancel CUSTOMER`,
    },
  );
}

interface Priced {
  plan: string;
  version: number;
  every: string;
  currency: string | null;
}

/** Stripe counts by the second, and keeps no plan for later. */
function checkWhen(
  { when, anchor, proration }: PlanWish,
  direction: 'upgrade' | 'downgrade',
  customer: string,
): void {
  if (when === 'period-end' || (direction === 'downgrade' && when === undefined)) {
    throw new Failure(
      'refused',
      `Stripe changes the plan of ${customer} at once, and this change would wait for the period’s end`,
      {
        hint: 'Give --when now: what was not used is credited on the next invoice; with --proration none nothing is',
      },
    );
  }
  if (anchor === 'reset' && direction === 'downgrade')
    throw new Failure('refused', 'Only an upgrade begins a full period, and this is a downgrade', {
      hint: 'Leave --anchor out',
    });
  if (proration === 'days' || proration === 'days-and-usage') {
    throw new Failure('refused', `Stripe prorates by the second, not by ${proration}`, {
      hint: 'Leave --proration out, or give none',
    });
  }
}
