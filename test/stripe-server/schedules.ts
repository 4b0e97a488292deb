import type Stripe from 'stripe';
import { setDiscounts } from './coupons.ts';
import { type Params, list, record, text } from './form.ts';
import { type Phase, presentPhase, readPhases } from './phases.ts';
import { planOf } from './subscription-shape.ts';
import { endTrial } from './subscriptions.ts';
import { idOf, invalid, type World } from './world.ts';

/**
 * `POST /v1/subscription_schedules` from a subscription: its present phase is what the subscription is now, with coupons, tax rates, method,
 * description and trial ("from_subscription: Migrate an existing subscription to be managed by a subscription schedule").
 */
export function createSchedule(world: World, params: Params): Stripe.SubscriptionSchedule {
  const subscription = world.get('subscription', text(params['from_subscription']), 'from_subscription');
  if (params['phases'] !== undefined)
    throw invalid('You cannot set `phases` if `from_subscription` is set.', 'phases');
  if (subscription.schedule) throw invalid('The subscription is already attached to a schedule.');
  const at = world.nowOf(idOf(subscription.customer));
  const { current_period_start: start, current_period_end: end } = subscription.items.data[0]!;
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
    end_behavior: subscription.cancel_at === null ? 'release' : 'cancel',
    livemode: world.livemode,
    metadata: {},
    pause_schedules: [],
    phases: [presentPhase(subscription, { start, end })],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: subscription.id,
    test_clock: subscription.test_clock,
  };
  subscription.schedule = schedule.id;
  return world.add('subscription_schedule', schedule);
}

/** Other phases: each begins where the one before ends, and what is present is changed at once. */
export function updateSchedule(world: World, id: string, params: Params): Stripe.SubscriptionSchedule {
  const schedule = world.get('subscription_schedule', id);
  if (schedule.status !== 'active') throw invalid(`This schedule is ${schedule.status}`);
  const subscription = world.get('subscription', idOf(schedule.subscription));
  const at = world.nowOf(idOf(schedule.customer));
  schedule.end_behavior = text(params['end_behavior']) ?? schedule.end_behavior;
  if (params['phases'] === undefined) return schedule;
  const phases = readPhases(world, subscription, list(params['phases']).map(record));
  const present = phases.find(({ start_date: start, end_date: end }) => start <= at && at < end);
  if (!present || present.start_date !== schedule.current_phase?.start_date)
    throw invalid('You can not modify the start date of the current phase.', 'phases[0][start_date]');
  schedule.phases = phases;
  schedule.current_phase = { start_date: present.start_date, end_date: present.end_date };
  enterPhase(world, subscription, present);
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

/** A phase that begins at the end of a period makes the subscription what it says; when the last one has ended the schedule is released. */
export function applySchedule(world: World, subscription: Stripe.Subscription, at: number): void {
  const schedule = world.find('subscription_schedule', idOf(subscription.schedule));
  if (!schedule) return;
  const phase = schedule.phases.find(({ start_date: start }) => start === at);
  if (phase) {
    schedule.current_phase = { start_date: phase.start_date, end_date: phase.end_date };
    enterPhase(world, subscription, phase);
  } else if (at >= schedule.phases.at(-1)!.end_date) releaseSchedule(world, schedule.id);
}

/** What a subscription becomes in a phase; what the phase does not say is not kept from before. */
function enterPhase(world: World, subscription: Stripe.Subscription, phase: Phase): void {
  for (const [n, asked] of phase.items.entries()) {
    const price = world.get('price', idOf(asked.price));
    const held = subscription.items.data[n];
    const values = {
      price,
      plan: planOf(price),
      ...(price.recurring?.usage_type !== 'metered' && { quantity: asked.quantity ?? 1 }),
      tax_rates: asked.tax_rates ?? [],
    };
    if (held) Object.assign(held, values);
  }
  subscription.items.data.length = Math.min(subscription.items.data.length, phase.items.length);
  subscription.default_tax_rates = phase.default_tax_rates ?? [];
  subscription.default_payment_method = phase.default_payment_method;
  subscription.description = phase.description;
  subscription.collection_method = phase.collection_method ?? 'charge_automatically';
  subscription.automatic_tax.enabled = phase.automatic_tax?.enabled ?? false;
  subscription.metadata = { ...subscription.metadata, ...phase.metadata };
  setDiscounts(world, subscription, phase.discounts);
  if (phase.trial_end === null && subscription.status === 'trialing') {
    const at = world.nowOf(idOf(subscription.customer));
    if (at < (subscription.trial_end ?? 0)) endTrial(world, subscription);
  }
}
