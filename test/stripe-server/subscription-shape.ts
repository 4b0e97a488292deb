import type Stripe from 'stripe';
import { idOf, type World } from './world.ts';

export interface ItemRequest {
  price: string;
  quantity: number;
}

export function newSubscription(
  world: World,
  {
    customer,
    items,
    trialEnd,
    metadata,
  }: { customer: string; items: ItemRequest[]; trialEnd: number | null; metadata: Stripe.Metadata },
): Stripe.Subscription {
  const at = world.nowOf(customer);
  const id = world.newId('subscription');
  const first = world.get('price', items[0]!.price, 'items[0][price]');
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: trialEnd ?? at,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: at,
    currency: first.currency,
    customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: items.map(({ price, quantity }, position) =>
        newItem(world, {
          id: `si_${id.slice(4)}${position}`,
          subscription: id,
          price,
          quantity,
          start: at,
          end: trialEnd ?? at,
        }),
      ),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: world.livemode,
    managed_payments: null,
    metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: at,
    status: trialEnd === null ? 'incomplete' : 'trialing',
    test_clock: world.get('customer', customer).test_clock ?? null,
    transfer_data: null,
    trial_end: trialEnd,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' },
    },
    trial_start: trialEnd === null ? null : at,
  };
}

interface ItemFacts extends ItemRequest {
  id: string;
  subscription: string;
  start: number;
  end: number;
}

export function newItem(
  world: World,
  { id, subscription, price: priceId, quantity, start, end }: ItemFacts,
): Stripe.SubscriptionItem {
  const price = world.get('price', priceId, 'items[0][price]');
  const metered = price.recurring?.usage_type === 'metered';
  return {
    id,
    object: 'subscription_item',
    billing_thresholds: null,
    created: start,
    current_period_end: end,
    current_period_start: start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    ...(!metered && { quantity }),
    subscription,
    tax_rates: [],
  };
}

export function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: price.livemode,
    metadata: {},
    meter: price.recurring?.meter ?? null,
    nickname: null,
    product: idOf(price.product),
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  };
}

/** The k-th boundary from an anchor, in UTC, the day cut to the month's end: 31 January, 28 February, 31 March. */
export function boundary(anchor: number, recurring: Stripe.Price.Recurring, k: number): number {
  const { interval, interval_count: count } = recurring;
  const from = new Date(anchor * 1000);
  if (interval === 'day' || interval === 'week')
    return anchor + k * count * (interval === 'week' ? 7 : 1) * 86_400;
  const months = k * count * (interval === 'year' ? 12 : 1);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(from.getUTCDate(), last));
  first.setUTCHours(from.getUTCHours(), from.getUTCMinutes(), from.getUTCSeconds());
  return first.getTime() / 1000;
}

/** The end of the period that begins at `start`. */
export function periodEnd(anchor: number, recurring: Stripe.Price.Recurring, start: number): number {
  for (let k = 1; ; k++) {
    const end = boundary(anchor, recurring, k);
    if (end > start) return end;
  }
}
