import type Stripe from 'stripe';
import { createCustomer } from './customers.ts';
import { type Params, flag, list, record, text, texts } from './form.ts';
import { changeCard } from './methods.ts';
import { newSession } from './session-shape.ts';
import { createSubscription } from './subscriptions.ts';
import { idOf, invalid, type World } from './world.ts';

/** What a session was asked for, which its object does not show. */
const asked = new WeakMap<Stripe.Checkout.Session, Params>();

export function createCheckout(world: World, params: Params): Stripe.Checkout.Session {
  const mode = (text(params['mode']) ?? 'payment') as Stripe.Checkout.Session.Mode;
  const items = list(params['line_items']);
  if (mode !== 'setup' && items.length === 0)
    throw invalid('Missing required param: line_items.', 'line_items');
  for (const item of items) world.get('price', text(record(item)['price']), 'line_items[0][price]');
  if (!text(params['success_url'])) throw invalid('Missing required param: success_url.', 'success_url');
  const customer = text(params['customer']) ?? null;
  if (customer) world.get('customer', customer, 'customer');
  const session = newSession(world, {
    mode,
    customer,
    reference: text(params['client_reference_id']) ?? null,
    metadata: texts(params['metadata']),
    successUrl: text(params['success_url']) ?? null,
    promotions: flag(params['allow_promotion_codes']) ?? null,
  });
  asked.set(session, params);
  return world.add('checkout_session', session);
}

/** The customer fills in the page with a card: saved, charged, subscribed. A first payment that fails leaves the page open. */
export function completeCheckout(
  world: World,
  id: string,
  card: string,
  promotion?: string,
): Stripe.Checkout.Session {
  const session = world.get('checkout_session', id);
  if (session.status !== 'open') throw new Error(`The session is ${session.status}`);
  const params = asked.get(session)!;
  session.customer ??= createCustomer(world, {}).id;
  const customer = idOf(session.customer);
  const method = changeCard(world, customer, card);
  if (session.mode === 'subscription') {
    const data = record(params['subscription_data']);
    const subscription = createSubscription(world, {
      ...data,
      customer,
      items: list(params['line_items']),
      default_payment_method: method.id,
      payment_behavior: 'error_if_incomplete',
      ...(promotion
        ? { discounts: [{ promotion_code: promotion }] }
        : { discounts: list(params['discounts']) }),
    });
    session.subscription = subscription.id;
    session.invoice = idOf(subscription.latest_invoice);
  }
  Object.assign(session, { status: 'complete', payment_status: 'paid', url: null });
  world.emit('checkout.session.completed', session, world.nowOf(customer));
  return session;
}

export function expireCheckout(world: World, id: string): Stripe.Checkout.Session {
  const session = world.get('checkout_session', id);
  Object.assign(session, { status: 'expired', url: null });
  world.emit('checkout.session.expired', session, world.now);
  return session;
}

export function createPortal(world: World, params: Params): Stripe.BillingPortal.Session {
  const customer = world.get('customer', text(params['customer']), 'customer');
  const id = world.newId('portal_session');
  return world.add('portal_session', {
    id,
    object: 'billing_portal.session',
    configuration: 'bpc_T1',
    created: world.nowOf(customer.id),
    customer: customer.id,
    customer_account: null,
    flow: null,
    livemode: world.livemode,
    locale: null,
    on_behalf_of: null,
    return_url: text(params['return_url']) ?? null,
    url: `https://billing.stripe.test/p/session/${id}`,
  });
}
