import type Stripe from 'stripe';
import { type Params, type Value, flag, integer, list, record, text, texts } from './form.ts';
import { boundary } from './subscription-shape.ts';
import { idOf, invalid, type World } from './world.ts';

export type Phase = Stripe.SubscriptionSchedule.Phase;

/** What a subscription is now, as a phase of a schedule. */
export function presentPhase(
  subscription: Stripe.Subscription,
  { start, end }: { start: number; end: number },
): Phase {
  return {
    ...emptyPhase(subscription.currency),
    automatic_tax: { disabled_reason: null, enabled: subscription.automatic_tax.enabled, liability: null },
    collection_method: subscription.collection_method,
    default_payment_method: subscription.default_payment_method,
    default_tax_rates: subscription.default_tax_rates ?? [],
    description: subscription.description,
    discounts: subscription.discounts.map((each) => ({
      coupon: null,
      discount: idOf(each),
      promotion_code: null,
    })),
    items: subscription.items.data.map(({ price, quantity, tax_rates: rates, metadata }) => ({
      ...itemOf(price.id),
      metadata,
      ...(quantity !== undefined && { quantity }),
      tax_rates: rates ?? [],
    })),
    metadata: subscription.metadata,
    start_date: start,
    end_date: end,
    trial_end: subscription.status === 'trialing' ? subscription.trial_end : null,
  };
}

const itemOf = (price: string): Phase['items'][number] => ({
  billing_thresholds: null,
  discounts: [],
  metadata: null,
  plan: price,
  price,
});

const emptyPhase = (currency: string): Omit<Phase, 'start_date' | 'end_date' | 'items'> => ({
  add_invoice_items: [],
  application_fee_percent: null,
  billing_cycle_anchor: null,
  billing_thresholds: null,
  collection_method: null,
  currency,
  default_payment_method: null,
  description: null,
  discounts: [],
  invoice_settings: null,
  metadata: {},
  on_behalf_of: null,
  proration_behavior: 'create_prorations',
  transfer_data: null,
  trial_end: null,
});

/** The phases that are asked for, each from the end of the one before. */
export function readPhases(
  world: World,
  subscription: Stripe.Subscription,
  asked: readonly Params[],
): Phase[] {
  let end: number | undefined;
  return asked.map((phase, n) => {
    const start: number | undefined = integer(phase['start_date']) ?? end;
    if (start === undefined)
      throw invalid('Missing required param: phases[0][start_date].', 'phases[0][start_date]');
    if (end !== undefined && start !== end)
      throw invalid(`Phase ${n} must start where the one before ends.`, `phases[${n}][start_date]`);
    const until: number = endOf(phase, start, n);
    end = until;
    return readPhase(world, subscription, { phase, n, start, until });
  });
}

/** "The number of intervals the phase should last. If set, `end_date` must not be set" (Phase.duration). */
function endOf(phase: Params, start: number, n: number): number {
  const end = integer(phase['end_date']);
  const duration = record(phase['duration']);
  const interval = text(duration['interval']);
  if (end !== undefined && interval)
    throw invalid('You may only specify one of: end_date, duration.', `phases[${n}][duration]`);
  if (end !== undefined) return end;
  if (!interval) throw invalid(`Phase ${n} must have an end_date or a duration.`, `phases[${n}][end_date]`);
  const count = integer(duration['interval_count']) ?? 1;
  return boundary(start, { interval, interval_count: count } as Stripe.Price.Recurring, 1);
}

interface Asked {
  phase: Params;
  n: number;
  start: number;
  until: number;
}

function readPhase(
  world: World,
  subscription: Stripe.Subscription,
  { phase, n, start, until }: Asked,
): Phase {
  const at = `phases[${n}]`;
  const trialEnd = integer(phase['trial_end']) ?? (flag(phase['trial']) ? until : null);
  if (trialEnd !== null && (trialEnd < start || trialEnd > until))
    throw invalid('The trial_end must be within the phase.', `${at}[trial_end]`);
  const method = text(phase['default_payment_method']);
  if (method && idOf(world.get('payment_method', method).customer) !== idOf(subscription.customer))
    throw invalid('The customer does not have that payment method', `${at}[default_payment_method]`);
  return {
    ...emptyPhase(subscription.currency),
    ...(phase['automatic_tax'] !== undefined && {
      automatic_tax: {
        disabled_reason: null,
        enabled: flag(record(phase['automatic_tax'])['enabled']) ?? false,
        liability: null,
      },
    }),
    collection_method: text(phase['collection_method']) ?? null,
    default_payment_method: method ?? null,
    default_tax_rates: ratesOf(phase['default_tax_rates']),
    description: text(phase['description']) ?? null,
    discounts: discountsOf(world, subscription, phase['discounts']),
    items: list(phase['items'])
      .map(record)
      .map((item, m) => readItem(world, item, `${at}[items][${m}]`)),
    metadata: texts(phase['metadata']),
    proration_behavior: text(phase['proration_behavior']) ?? 'create_prorations',
    start_date: start,
    end_date: until,
    trial_end: trialEnd,
  };
}

function readItem(world: World, item: Params, at: string): Phase['items'][number] {
  const price = world.get('price', text(item['price']), `${at}[price]`);
  const quantity = integer(item['quantity']);
  if (price.recurring?.usage_type === 'metered' && quantity !== undefined)
    throw invalid('You cannot set the quantity of a metered price.', `${at}[quantity]`);
  return {
    ...itemOf(price.id),
    metadata: texts(item['metadata']),
    ...(price.recurring?.usage_type !== 'metered' && { quantity: quantity ?? 1 }),
    tax_rates: ratesOf(item['tax_rates']),
  };
}

/** Tax rates are asked for by their ids and come whole. */
const ratesOf = (asked: Value | undefined): Stripe.TaxRate[] =>
  list(asked).map((id) => ({ id, object: 'tax_rate' }) as Stripe.TaxRate);

/**
 * "If not specified, inherits the discount from the subscription's customer. Pass an empty string to avoid inheriting any discounts"
 * (SubscriptionScheduleUpdateParams.Phase.discounts): those of the subscription are gone in either case. No customer here has one.
 */
function discountsOf(
  world: World,
  subscription: Stripe.Subscription,
  asked: Value | undefined,
): Phase['discounts'] {
  return list(asked)
    .map(record)
    .map((each) => {
      const [coupon, discount] = [text(each['coupon']), text(each['discount'])];
      if (coupon) world.get('coupon', coupon, 'phases[0][discounts][0][coupon]');
      if (discount && world.get('discount', discount).subscription !== subscription.id)
        throw invalid('The discount is not one of this subscription.', 'phases[0][discounts][0][discount]');
      return {
        coupon: coupon ?? null,
        discount: discount ?? null,
        promotion_code: text(each['promotion_code']) ?? null,
      };
    });
}
