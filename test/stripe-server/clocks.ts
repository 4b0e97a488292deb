import type Stripe from 'stripe';
import { beginPeriod } from './cycles.ts';
import { cancelNow } from './endings.ts';
import { type Params, integer, text } from './form.ts';
import { settle, settling } from './intents.ts';
import { collectInvoice, concludeInvoice, finalizeInvoice, voidInvoice } from './invoices.ts';
import { applySchedule } from './schedules.ts';
import { endTrial } from './subscriptions.ts';
import { idOf, invalid, type World } from './world.ts';

/** A first payment that does not come within this time never makes a subscription. */
const incompleteSeconds = 23 * 3600;

export function createClock(world: World, params: Params): Stripe.TestHelpers.TestClock {
  const at = integer(params['frozen_time']);
  if (!at) throw invalid('Missing required param: frozen_time.', 'frozen_time');
  return world.add('test_clock', {
    id: world.newId('test_clock'),
    object: 'test_helpers.test_clock',
    created: at,
    deletes_after: at + 30 * 86_400,
    frozen_time: at,
    livemode: false,
    name: text(params['name']) ?? null,
    status: 'ready',
    status_details: {},
  });
}

/** Lets the time of a test clock go on: all that falls due until then happens, in its order. */
export function advanceClock(world: World, id: string, params: Params): Stripe.TestHelpers.TestClock {
  const clock = world.get('test_clock', id);
  const until = integer(params['frozen_time']) ?? 0;
  if (until <= clock.frozen_time) throw invalid('frozen_time must be after the current one', 'frozen_time');
  passTime(world, until, clock);
  world.emit('test_helpers.test_clock.ready', clock, until);
  return clock;
}

/** Lets time pass for the customers of a clock, or without one for all others. */
export function passTime(world: World, until: number, clock?: Stripe.TestHelpers.TestClock): void {
  const setTime = (at: number) => (clock ? (clock.frozen_time = at) : (world.now = at));
  for (;;) {
    const next = dueActions(world, clock?.id ?? null)
      .filter(({ at }) => at <= until)
      .sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    setTime(Math.max(next.at, clock?.frozen_time ?? world.now));
    next.act();
  }
  setTime(until);
}

interface Action {
  at: number;
  act: () => void;
}

function dueActions(world: World, clock: string | null): Action[] {
  const isOurs = (object: { customer: string | { id: string } | null }) =>
    (world.find('customer', idOf(object.customer))?.test_clock ?? null) === clock;
  return [
    ...world
      .list('payment_intent', (intent) => settling.has(intent) && isOurs(intent))
      .map((intent) => settleAction(world, intent)),
    ...world.list('invoice', isOurs).flatMap((invoice) => invoiceActions(world, invoice)),
    ...world.list('subscription', isOurs).flatMap((subscription) => subscriptionActions(world, subscription)),
  ];
}

function settleAction(world: World, intent: Stripe.PaymentIntent): Action {
  return {
    at: settling.get(intent)!,
    act: () => {
      settle(world, intent, settling.get(intent)!);
      const payment = world.list('invoice_payment', (each) => each.payment.payment_intent === intent.id)[0];
      if (payment) concludeInvoice(world, world.get('invoice', idOf(payment.invoice)), intent);
    },
  };
}

function invoiceActions(world: World, invoice: Stripe.Invoice): Action[] {
  if (!invoice.auto_advance) return [];
  if (
    invoice.status === 'draft' &&
    invoice.automatically_finalizes_at !== null &&
    invoice.automatically_finalizes_at !== undefined
  ) {
    const act = () => void collectInvoice(world, finalizeInvoice(world, invoice));
    return [{ at: invoice.automatically_finalizes_at, act }];
  }
  if (invoice.status !== 'open' || invoice.next_payment_attempt === null || !invoice.attempted) return [];
  return [{ at: invoice.next_payment_attempt, act: () => void collectInvoice(world, invoice) }];
}

function subscriptionActions(world: World, subscription: Stripe.Subscription): Action[] {
  const { status, cancel_at: cancelAt, trial_end: trialEnd } = subscription;
  if (status === 'incomplete')
    return [{ at: subscription.created + incompleteSeconds, act: () => giveUp(world, subscription) }];
  if (!['trialing', 'active', 'past_due', 'unpaid'].includes(status)) return [];
  const end = subscription.items.data[0]!.current_period_end;
  const resumes = subscription.pause_collection?.resumes_at;
  if (resumes && resumes <= end) return [{ at: resumes, act: () => collectAgain(world, subscription) }];
  const cancels = subscription.cancel_at_period_end ? end : cancelAt;
  if (cancels !== null && cancels <= end)
    return [{ at: cancels, act: () => void cancelNow(world, subscription, 'cancellation_requested') }];
  if (status === 'trialing') return [{ at: trialEnd!, act: () => endTrial(world, subscription) }];
  return [{ at: end, act: () => renew(world, subscription, end) }];
}

function renew(world: World, subscription: Stripe.Subscription, at: number): void {
  const { current_period_start: start, current_period_end: end } = subscription.items.data[0]!;
  const before = { items: { data: [{ current_period_start: start, current_period_end: end }] } };
  applySchedule(world, subscription, at);
  const invoice = beginPeriod(world, subscription, at);
  if (subscription.status === 'unpaid')
    Object.assign(invoice, { auto_advance: false, automatically_finalizes_at: null });
  world.emit('customer.subscription.updated', subscription, at, before);
}

function collectAgain(world: World, subscription: Stripe.Subscription): void {
  const before = { pause_collection: subscription.pause_collection };
  subscription.pause_collection = null;
  world.emit('customer.subscription.updated', subscription, world.nowOf(idOf(subscription.customer)), before);
}

function giveUp(world: World, subscription: Stripe.Subscription): void {
  subscription.status = 'incomplete_expired';
  const at = world.nowOf(idOf(subscription.customer));
  subscription.ended_at = at;
  const invoice = world.find('invoice', idOf(subscription.latest_invoice));
  if (invoice?.status === 'open') voidInvoice(world, invoice.id);
  world.emit('customer.subscription.updated', subscription, at, { status: 'incomplete' });
}
