import type Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import { idOf, instantOf } from '../payments/stripe-values.ts';
import type { PricedPlan } from './prices.ts';

/** A Stripe subscription in our terms: its bounds and status are Stripe's own. */
export interface StripeSubscription {
  stripeId: string;
  itemId: string;
  status: 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled';
  /** Stripe's status is `unpaid`: past due, and without access */
  isSuspended: boolean;
  sold: PricedPlan;
  quantity: number;
  periodStart: Date;
  periodEnd: Date;
  anchor: Date;
  startedAt: Date;
  trialEnd: Date | null;
  cancelAtPeriodEnd: boolean;
  canceledAt: Date | null;
  endedAt: Date | null;
  /** the plan that a Stripe schedule has for the next period */
  next: { plan: string; version: number; every: string; price: string; at: string } | null;
}

const statuses: Record<string, StripeSubscription['status']> = {
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'past_due',
  paused: 'paused',
  canceled: 'canceled',
};

/**
 * Reads a Stripe subscription: the period from its item (from the subscription itself in an old object), the plan by the price's id, seats
 * from the quantity. Undefined for one that never began (`incomplete`), and for an ended one to other products.
 * @throws Failure refused for an unknown price, for several plans at once, and for an unknown status
 */
export function readSubscription(
  found: Stripe.Subscription,
  prices: ReadonlyMap<string, PricedPlan>,
): StripeSubscription | undefined {
  if (found.status === 'incomplete' || found.status === 'incomplete_expired') return undefined;
  const status = statusOf(found);
  const sold = found.items.data.filter(({ price }) => prices.has(price.id));
  if (sold.length === 0 && status === 'canceled') return undefined;
  const item = onlyItem(found, sold);
  const { start, end } = periodOf(found, item);
  const anchor =
    found.billing_cycle_anchor <= start && status !== 'trialing' ? found.billing_cycle_anchor : start;
  return {
    stripeId: found.id,
    itemId: item.id,
    status,
    isSuspended: found.status === 'unpaid',
    sold: soldAs(item.price, prices.get(item.price.id)!),
    quantity: quantityOf(found, item),
    periodStart: instantOf(start),
    periodEnd: instantOf(end),
    anchor: instantOf(anchor),
    startedAt: instantOf(found.start_date),
    trialEnd: instantOrNull(found.trial_end),
    cancelAtPeriodEnd: found.cancel_at_period_end || (found.cancel_at !== null && found.cancel_at <= end),
    canceledAt: instantOrNull(found.canceled_at),
    endedAt: status === 'canceled' ? instantOf(found.ended_at ?? found.canceled_at ?? end) : null,
    next: nextOf(found, prices, end),
  };
}

const instantOrNull = (seconds: number | null): Date | null => (seconds === null ? null : instantOf(seconds));

/** @throws Failure refused for a status that subctl does not know */
function statusOf(found: Stripe.Subscription): StripeSubscription['status'] {
  const status = isPaused(found) ? 'paused' : statuses[found.status];
  if (status) return status;
  throw new Failure(
    'refused',
    `Stripe subscription ${found.id} has the status ${found.status}, which subctl does not know`,
  );
}

/** @throws Failure refused for less than one seat */
function quantityOf(found: Stripe.Subscription, { quantity = 1 }: Stripe.SubscriptionItem): number {
  if (quantity >= 1) return quantity;
  throw new Failure('refused', `Stripe subscription ${found.id} has ${quantity} seats; the minimum is 1`, {
    hint: 'set its quantity, or cancel it, in the Stripe Dashboard',
  });
}

/** The plan at the price that Stripe has: its currency, and its amount where it has one. */
function soldAs({ id, unit_amount: unit, currency: code }: Stripe.Price, plan: PricedPlan): PricedPlan {
  const currency = code.toUpperCase();
  if (unit === null) return { ...plan, currency };
  return {
    ...plan,
    currency,
    amount: fromMinorUnits(minorFromNumber(unit, `unit_amount of ${id}`), currency),
  };
}

/** The plan of a schedule from the end of the period on. */
function nextOf(
  { schedule }: Stripe.Subscription,
  prices: ReadonlyMap<string, PricedPlan>,
  end: number,
): StripeSubscription['next'] {
  const phases = schedule !== null && typeof schedule === 'object' ? schedule.phases : [];
  const phase = phases.find(({ start_date: start }) => start >= end);
  const sold = phase && prices.get(idOf(phase.items[0]?.price) ?? '');
  if (!phase || !sold) return null;
  const { plan, version, every, amount } = sold;
  return { plan, version, every, price: amount, at: instantOf(phase.start_date).toISOString() };
}

/** A subscription paused with `behavior=void` has no access. With `keep_as_draft` or `mark_uncollectible` it keeps access. */
const isPaused = ({ status, pause_collection: pause }: Stripe.Subscription): boolean =>
  pause?.behavior === 'void' && (status === 'active' || status === 'trialing' || status === 'past_due');

function onlyItem(found: Stripe.Subscription, sold: Stripe.SubscriptionItem[]): Stripe.SubscriptionItem {
  if (sold.length === 1) return sold[0]!;
  const named = found.items.data.map(({ price }) => price.id).join(', ');
  if (sold.length === 0) {
    throw new Failure(
      'refused',
      `Stripe subscription ${found.id} has a price that belongs to no plan: ${named}`,
      {
        hint: 'sync the plans: subctl stripe sync plans; for a price created by hand: subctl stripe adopt --price',
      },
    );
  }
  throw new Failure('refused', `Stripe subscription ${found.id} has several plans at once: ${named}`, {
    hint: 'keep only one of them, in the Stripe Dashboard',
  });
}

/** Since 2025 the period belongs to the item; an object of an older version has it on the subscription. */
function periodOf(found: Stripe.Subscription, item: Stripe.SubscriptionItem): { start: number; end: number } {
  const old = found as unknown as { current_period_start?: number; current_period_end?: number };
  const start = item.current_period_start ?? old.current_period_start;
  const end = item.current_period_end ?? old.current_period_end;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start! < end!)
    return { start: start!, end: end! };
  throw new Failure(
    'refused',
    `Stripe subscription ${found.id} has no valid period: from ${start} to ${end}`,
  );
}
