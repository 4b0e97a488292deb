import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { parseInterval } from '../domain/intervals.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';
import { directionOf } from '../subscriptions/plan-rank.ts';
import type { Proration } from '../subscriptions/prorate.ts';
import { chooseSeats } from '../subscriptions/seats.ts';
import { getTerms } from '../subscriptions/terms.ts';
import { waitingPhase } from './schedule-change.ts';
import {
  chargedNow,
  itemOf,
  type Owned,
  reactivateRequest,
  seatsRequest,
  type StripeRequest,
} from './stripe-request.ts';
import { endOf, withoutEnd } from './subscription-end.ts';

/** A change of plan of a subscription that Stripe owns. */
export interface PlanSubscriptionChange {
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

interface AskedBeside {
  customer: string;
  collection?: string | undefined;
  trialDays?: number | undefined;
  autoRenew?: boolean | undefined;
  endsAt?: Date | undefined;
  note?: string | undefined;
  buyer?: string | undefined;
  when?: 'now' | 'period-end' | Date | undefined;
}

/** Options that only local subscriptions have, and how to detect them. */
const ownOptions: readonly (readonly [option: string, isGiven: (asked: AskedBeside) => boolean])[] = [
  ['--trial-days', ({ trialDays }) => Boolean(trialDays)],
  ['--auto-renew', ({ autoRenew }) => autoRenew === true],
  ['--no-auto-renew', ({ autoRenew }) => autoRenew === false],
  ['--ends', ({ endsAt }) => endsAt !== undefined],
  ['--when with a time', ({ when }) => when instanceof Date],
  ['--note', ({ note }) => note !== undefined],
  ['--buyer', ({ buyer }) => buyer !== undefined],
];

/** Refuses options that Stripe subscriptions do not have. @throws Failure refused, usage */
export function refuseForStripe(asked: AskedBeside): void {
  const { customer } = asked;
  if (asked.collection !== undefined && asked.collection !== 'stripe') {
    throw new Failure(
      'refused',
      `The subscription of ${customer} belongs to Stripe and cannot be collected by ${asked.collection}`,
      {
        hint: `Let it end first: subctl subscriptions cancel ${customer}`,
      },
    );
  }
  const option = ownOptions.find(([, isGiven]) => isGiven(asked))?.[0];
  if (option === undefined) return;
  throw new Failure('usage', `${option} cannot be used: the subscription of ${customer} belongs to Stripe`, {
    hint: `Omit it; to cancel at the period's end: subctl subscriptions cancel ${customer}`,
  });
}

/**
 * Builds the request for another plan. An upgrade takes effect now with a full period and is charged at once; a downgrade waits for the
 * period's end; the present plan cancels the pending change.
 * @throws Failure refused for a plan that is not sold at Stripe
 */
export async function planRequest(
  db: Db,
  owned: Owned,
  subscriptionChange: PlanSubscriptionChange,
): Promise<StripeRequest> {
  const { head, found, item } = owned;
  const { customer } = head;
  const currency = subscriptionChange.currency ?? found.currency.toUpperCase();
  const terms = await getTerms(db, {
    plan: subscriptionChange.plan,
    every: subscriptionChange.every,
    currency,
  });
  const isSame = terms.plan === head.plan && terms.every === head.every;
  if (isSame && subscriptionChange.seats !== undefined)
    return seatsRequest(db, owned, subscriptionChange.seats);
  if (isSame) return reactivateRequest(owned);
  if (!terms.active)
    throw new Failure('refused', `Plan ${terms.plan} is closed to new subscribers`, {
      hint: 'subctl plans list',
    });
  const price = await getPrice(db, terms);
  const seats = await chooseSeats(db, {
    customer,
    terms,
    asked: subscriptionChange.seats,
    held: head.quantity,
  });
  const direction = await directionOf(db, head, terms);
  checkWords(subscriptionChange, direction);
  if ((subscriptionChange.when ?? (direction === 'upgrade' ? 'now' : 'period-end')) === 'period-end')
    return laterRequest(owned, { price, seats, terms, code: subscriptionChange.promotionCode });
  const startsNewCycle =
    direction === 'upgrade' && subscriptionChange.anchor !== 'keep' && found.status !== 'trialing';
  return {
    call: 'update',
    params: {
      items: [{ id: item.id, price, quantity: seats }],
      ...withoutEnd(found),
      ...(subscriptionChange.proration === 'none'
        ? { proration_behavior: 'none' as const, payment_behavior: 'error_if_incomplete' as const }
        : chargedNow),
      ...(startsNewCycle && { billing_cycle_anchor: { type: 'now' as const } }),
      ...(subscriptionChange.promotionCode !== undefined && {
        // a list replaces the existing one
        discounts: [
          ...found.discounts.map((each) => ({ discount: idOf(each)! })),
          { promotion_code: subscriptionChange.promotionCode },
        ],
      }),
    },
    goesOn: true,
    says: `${customer} now has ${terms.plan} per ${terms.every} instead of ${head.plan} per ${head.every}`,
    holds(answered) {
      const after = itemOf(answered, item.id);
      return after?.price.id === price && after.quantity === seats && endOf(answered) === null;
    },
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
      hint: `sync the plans: subctl stripe sync plans; for a free plan, cancel first: subctl subscriptions cancel CUSTOMER`,
    },
  );
}

interface Priced {
  plan: string;
  version: number;
  every: string;
  currency: string | null;
}

/** Schedules the change for the end of the period, where no other is scheduled; null where it is already pending. */
function laterRequest(
  { head, found, item }: Owned,
  { price, seats, terms, code }: { price: string; seats: number; terms: Priced; code: string | undefined },
): StripeRequest {
  if (code !== undefined)
    throw new Failure('usage', 'A discount code applies to an immediate charge, and there is none', {
      hint: 'Give it with --when now',
    });
  const end = item.current_period_end;
  const holds = (answered: Stripe.Subscription) =>
    waitingPhase(answered, end)?.items.some(
      (each) => idOf(each.price) === price && each.quantity === seats,
    ) ?? false;
  if (holds(found)) return null;
  const until = instantOf(end).toISOString();
  return {
    call: 'schedule',
    later: { item, price, quantity: seats, duration: durationOf(terms.every) },
    says: `${head.customer} keeps ${head.plan} until ${until} and has ${terms.plan} per ${terms.every} from then on`,
    holds,
  };
}

const stripeUnits = { d: 'day', w: 'week', mo: 'month', y: 'year' } as const;

function durationOf(every: string): { interval: 'day' | 'week' | 'month' | 'year'; interval_count: number } {
  const { unit, count } = parseInterval(every);
  return { interval: stripeUnits[unit], interval_count: count };
}

/** Stripe prorates by the second. */
function checkWords({ anchor, proration }: PlanSubscriptionChange, direction: 'upgrade' | 'downgrade'): void {
  if (anchor === 'reset' && direction === 'downgrade')
    throw new Failure('refused', 'Only an upgrade starts a full period, and this is a downgrade', {
      hint: 'Omit --anchor',
    });
  if (proration === 'days' || proration === 'days-and-usage') {
    throw new Failure('refused', `Stripe prorates by the second, not by ${proration}`, {
      hint: 'Omit --proration, or give `none`',
    });
  }
}
