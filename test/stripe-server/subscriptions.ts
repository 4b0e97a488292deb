import type Stripe from 'stripe';
import { addDiscount, replaceDiscounts } from './coupons.ts';
import { mergeMetadata } from './customers.ts';
import { beginPeriod, planLines } from './cycles.ts';
import { move } from './dunning.ts';
import { cancelNow } from './endings.ts';
import { type Params, flag, integer, list, record, text, texts } from './form.ts';
import { collectInvoice, draftInvoice, finalizeInvoice } from './invoices.ts';
import { changeItems } from './prorations.ts';
import { newSubscription, periodEnd } from './subscription-shape.ts';
import { ApiError, idOf, invalid, type World } from './world.ts';

export function createSubscription(world: World, params: Params): Stripe.Subscription {
  const customer = world.get('customer', text(params['customer']), 'customer');
  const items = list(params['items']).map((item) => ({
    price: text(record(item)['price']) ?? '',
    quantity: integer(record(item)['quantity']) ?? 1,
  }));
  if (items.length === 0) throw invalid('Missing required param: items.', 'items', 'parameter_missing');
  const at = world.nowOf(customer.id);
  const days = integer(params['trial_period_days']);
  const trialEnd = integer(params['trial_end']) ?? (days ? at + days * 86_400 : null);
  const subscription = newSubscription(world, {
    customer: customer.id,
    items,
    trialEnd,
    metadata: texts(params['metadata']),
  });
  describe(world, subscription, params);
  const ending = text(record(record(params['trial_settings'])['end_behavior'])['missing_payment_method']);
  if (ending) subscription.trial_settings!.end_behavior.missing_payment_method = ending;
  world.add('subscription', subscription);
  for (const discount of list(params['discounts'])) addDiscount(world, subscription, record(discount));
  customer.currency ??= subscription.currency;
  if (trialEnd === null) firstPeriod(subscription);
  world.emit('customer.subscription.created', subscription, at);
  if (trialEnd === null)
    firstInvoice(world, subscription, text(params['payment_behavior']) ?? 'allow_incomplete');
  return subscription;
}

/** What a subscription has beside its items: its own method, tax rates, description. */
function describe(world: World, subscription: Stripe.Subscription, params: Params): void {
  const method = text(params['default_payment_method']);
  if (method) subscription.default_payment_method = world.get('payment_method', method).id;
  if (params['description'] !== undefined) subscription.description = text(params['description']) ?? null;
  if (params['default_tax_rates'] !== undefined)
    subscription.default_tax_rates = list(params['default_tax_rates']).map(
      (id) => ({ id, object: 'tax_rate' }) as Stripe.TaxRate,
    );
}

function firstPeriod(subscription: Stripe.Subscription): void {
  const start = subscription.billing_cycle_anchor;
  for (const item of subscription.items.data)
    Object.assign(item, {
      current_period_start: start,
      current_period_end: periodEnd(start, item.price.recurring!, start),
    });
}

function firstInvoice(world: World, subscription: Stripe.Subscription, behaviour: string): void {
  const { start_date: start, customer } = subscription;
  const invoice = draftInvoice(world, {
    customer: idOf(customer),
    subscription: subscription.id,
    reason: 'subscription_create',
    lines: planLines(world, subscription),
    period: { start, end: start },
  });
  subscription.latest_invoice = invoice.id;
  finalizeInvoice(world, invoice);
  if (behaviour === 'default_incomplete' && invoice.amount_due > 0) return;
  const paid = collectInvoice(world, invoice);
  if (!paid && behaviour === 'error_if_incomplete') {
    world.held.delete(subscription.id);
    throw new ApiError(402, {
      type: 'card_error',
      code: 'card_declined',
      message: 'Your card was declined.',
    });
  }
}

export function updateSubscription(world: World, id: string, params: Params): Stripe.Subscription {
  const subscription = world.get('subscription', id);
  if (['canceled', 'incomplete_expired'].includes(subscription.status))
    throw invalid('A canceled subscription can only update its cancellation_details and metadata.');
  const before = JSON.parse(JSON.stringify(subscription)) as Stripe.Subscription;
  const at = world.nowOf(idOf(subscription.customer));
  changeEnd(subscription, params, at);
  subscription.metadata = mergeMetadata(subscription.metadata, params['metadata']);
  describe(world, subscription, params);
  replaceDiscounts(world, subscription, params['discounts']);
  if ('pause_collection' in params) setPause(subscription, params);
  if (text(params['trial_end']) === 'now' && subscription.status === 'trialing')
    endTrial(world, subscription);
  if (params['items'] !== undefined) changeOrNothing(world, subscription, params);
  world.emit('customer.subscription.updated', subscription, at, differences(before, subscription));
  return subscription;
}

/** With `error_if_incomplete` a change whose payment does not go through is none: an error 402, and all is as it was. */
function changeOrNothing(world: World, subscription: Stripe.Subscription, params: Params): void {
  if (text(params['payment_behavior']) !== 'error_if_incomplete')
    return changeItems(world, subscription, params);
  const known = new Set(world.held.keys());
  const data = subscription.items.data.map((item) => ({ ...item }));
  const before = { ...subscription, items: { ...subscription.items, data } };
  changeItems(world, subscription, params);
  const made = world.list('invoice', ({ id }) => !known.has(id));
  if (made.every(({ status }) => status !== 'open')) return;
  Object.assign(subscription, before);
  for (const item of world.list('invoice_item'))
    if (made.some(({ id }) => id === idOf(item.invoice))) item.invoice = null;
  for (const id of [...world.held.keys()]) if (!known.has(id)) world.held.delete(id);
  throw new ApiError(402, { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' });
}

/**
 * A subscription ends at the end of its period (`cancel_at_period_end`, with that instant in `cancel_at`), or at an instant of its own
 * (`cancel_at` alone, as the portal writes it with flexible billing: docs.stripe.com/billing/subscriptions/billing-mode/compare). To say that
 * it does not end with its period changes nothing of the second, which is cleared by itself. Below a schedule the end is the schedule's.
 */
function changeEnd(subscription: Stripe.Subscription, params: Params, at: number): void {
  const [atEnd, cancelAt] = [flag(params['cancel_at_period_end']), params['cancel_at']];
  if (atEnd === undefined && cancelAt === undefined) return;
  if (subscription.schedule)
    throw invalid(
      `The subscription is managed by the subscription schedule \`${idOf(subscription.schedule)}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
    );
  if (atEnd !== undefined && cancelAt !== undefined)
    throw invalid('Please pass in only one of cancel_at_period_end and cancel_at.', 'cancel_at');
  const end = subscription.items.data[0]!.current_period_end;
  if (atEnd === false && !subscription.cancel_at_period_end) return;
  subscription.cancel_at_period_end = atEnd ?? false;
  subscription.cancel_at = atEnd ? end : (integer(cancelAt) ?? null);
  subscription.canceled_at = subscription.cancel_at === null ? null : at;
}

function setPause(subscription: Stripe.Subscription, params: Params): void {
  const asked = record(params['pause_collection']);
  const behavior = text(asked['behavior']);
  subscription.pause_collection = behavior
    ? { behavior: behavior as 'void', resumes_at: integer(asked['resumes_at']) ?? null }
    : null;
}

/** A trial is over: the first paid period begins, or what the subscription says for one without a way to pay. */
export function endTrial(world: World, subscription: Stripe.Subscription): void {
  const customer = idOf(subscription.customer);
  const at = world.nowOf(customer);
  const hasMethod =
    idOf(subscription.default_payment_method) ||
    idOf(world.get('customer', customer).invoice_settings.default_payment_method);
  const otherwise = subscription.trial_settings!.end_behavior.missing_payment_method;
  subscription.trial_end = at;
  subscription.billing_cycle_anchor = at;
  if (!hasMethod && otherwise === 'cancel')
    return void cancelNow(world, subscription, 'cancellation_requested');
  if (!hasMethod && otherwise === 'pause') {
    move(world, subscription, 'paused');
    world.emit('customer.subscription.paused', subscription, at);
    return;
  }
  move(world, subscription, 'active');
  beginPeriod(world, subscription, at);
}

/** A subscription that was paused for want of a way to pay goes on: `POST /v1/subscriptions/:id/resume`. */
export function resumeSubscription(world: World, id: string): Stripe.Subscription {
  const subscription = world.get('subscription', id);
  if (subscription.status !== 'paused')
    throw invalid(`This subscription is ${subscription.status}, not paused`);
  const at = world.nowOf(idOf(subscription.customer));
  subscription.billing_cycle_anchor = at;
  move(world, subscription, 'active');
  beginPeriod(world, subscription, at);
  world.emit('customer.subscription.resumed', subscription, at);
  return subscription;
}

export function deleteSubscription(world: World, id: string): Stripe.Subscription {
  const subscription = world.get('subscription', id);
  if (subscription.status === 'canceled')
    throw invalid(`No such subscription: ${id}`, 'id', 'resource_missing');
  return cancelNow(world, subscription, 'cancellation_requested');
}

function differences(before: Stripe.Subscription, after: Stripe.Subscription): object {
  const keys = Object.keys(before) as (keyof Stripe.Subscription)[];
  return Object.fromEntries(
    keys
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, before[key]]),
  );
}
