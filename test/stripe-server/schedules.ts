import type Stripe from 'stripe';
import { type Params, integer, list, record, text } from './form.ts';
import { planOf } from './subscription-shape.ts';
import { idOf, invalid, type World } from './world.ts';

type Phase = Stripe.SubscriptionSchedule.Phase;

/** `POST /v1/subscription_schedules` from a subscription: its present phase is what it is now. */
export function createSchedule(world: World, params: Params): Stripe.SubscriptionSchedule {
  const subscription = world.get('subscription', text(params['from_subscription']), 'from_subscription');
  if (subscription.schedule) throw invalid('The subscription is already attached to a schedule.');
  const at = world.nowOf(idOf(subscription.customer));
  const { current_period_start: start, current_period_end: end } = subscription.items.data[0]!;
  const items = subscription.items.data.map(({ price, quantity }) => itemOf(price.id, quantity ?? 1));
  const schedule: Stripe.SubscriptionSchedule = {
    id: world.newId('subscription_schedule'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: { flexible: null, type: 'classic' },
    canceled_at: null,
    completed_at: null,
    created: at,
    current_phase: { start_date: start, end_date: end },
    customer: subscription.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release',
    livemode: world.livemode,
    metadata: {},
    pause_schedules: [],
    phases: [phaseOf(subscription.currency, { items, start, end })],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  };
  subscription.schedule = schedule.id;
  return world.add('subscription_schedule', schedule);
}

const itemOf = (price: string, quantity: number): Phase['items'][number] => ({
  billing_thresholds: null,
  discounts: [],
  metadata: null,
  plan: price,
  price,
  quantity,
});

function phaseOf(
  currency: string,
  { items, start, end }: { items: Phase['items']; start: number; end: number },
): Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency,
    default_payment_method: null,
    description: null,
    discounts: [],
    end_date: end,
    invoice_settings: null,
    items,
    metadata: {},
    on_behalf_of: null,
    proration_behavior: 'none',
    start_date: start,
    transfer_data: null,
    trial_end: null,
  };
}

/** Other phases: each begins where the one before ends. */
export function updateSchedule(world: World, id: string, params: Params): Stripe.SubscriptionSchedule {
  const schedule = world.get('subscription_schedule', id);
  if (schedule.status !== 'active') throw invalid(`This schedule is ${schedule.status}`);
  const { currency } = world.get('subscription', idOf(schedule.subscription));
  let end = schedule.phases[0]!.start_date;
  schedule.phases = list(params['phases'])
    .map(record)
    .map((phase) => {
      const start = integer(phase['start_date']) ?? end;
      end = integer(phase['end_date']) ?? start + 1;
      const items = list(phase['items'])
        .map(record)
        .map((item) => {
          const price = world.get('price', text(item['price']), 'phases[0][items][0][price]');
          return itemOf(price.id, integer(item['quantity']) ?? 1);
        });
      return phaseOf(currency, { items, start, end });
    });
  return schedule;
}

export function releaseSchedule(world: World, id: string): Stripe.SubscriptionSchedule {
  const schedule = world.get('subscription_schedule', id);
  if (schedule.status !== 'active') throw invalid(`This schedule is ${schedule.status}`);
  const subscription = world.get('subscription', idOf(schedule.subscription));
  subscription.schedule = null;
  const at = world.nowOf(idOf(schedule.customer));
  return Object.assign(schedule, {
    status: 'released',
    released_at: at,
    released_subscription: subscription.id,
    subscription: null,
  });
}

/** A phase that begins at the end of a period puts the subscription on its prices; after the last one the schedule is released. */
export function applySchedule(world: World, subscription: Stripe.Subscription, at: number): void {
  const schedule = world.find('subscription_schedule', idOf(subscription.schedule));
  const phase = schedule?.phases.find(({ start_date: start }) => start === at);
  if (!schedule || !phase) return;
  for (const [n, item] of subscription.items.data.entries()) {
    const price = world.get('price', idOf(phase.items[n]?.price));
    Object.assign(item, { price, plan: planOf(price), quantity: phase.items[n]!.quantity ?? 1 });
  }
  if (phase === schedule.phases.at(-1)) releaseSchedule(world, schedule.id);
}
