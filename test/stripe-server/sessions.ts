import type Stripe from 'stripe';
import { createCustomer } from './customers.ts';
import { type Params, flag, list, record, text, texts } from './form.ts';
import { attachMethod } from './methods.ts';
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
  checkTax(world, customer, params);
  session.automatic_tax.enabled = flag(record(params['automatic_tax'])['enabled']) ?? false;
  if (params['allow_promotion_codes'] !== undefined && params['discounts'] !== undefined)
    throw invalid('You may only specify one of these parameters: allow_promotion_codes, discounts.');
  asked.set(session, params);
  return world.add('checkout_session', session);
}

/** What Checkout wants before it computes tax for a customer that is there already (docs.stripe.com/tax/checkout). */
function checkTax(world: World, customer: string | null, params: Params): void {
  const update = record(params['customer_update']);
  const asks = (field: string) => flag(record(params[field])['enabled']) === true;
  if (customer && asks('automatic_tax') && text(update['address']) !== 'auto')
    throw invalid(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set `customer_update[address]` to 'auto'.",
    );
  if (customer && asks('tax_id_collection') && text(update['name']) !== 'auto')
    throw invalid(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
    );
  if (!asks('automatic_tax')) return;
  for (const item of list(params['line_items']))
    if (world.get('price', text(record(item)['price'])).tax_behavior === 'unspecified')
      throw invalid('The price does not have a tax_behavior set on it.', 'line_items[0][price]');
}

/**
 * The customer fills in the page with a card: saved, charged, subscribed. A first payment that fails leaves the page open. The card becomes the
 * subscription's default method and not the customer's ("Checkout … saves it as the default payment method on the subscription":
 * docs.stripe.com/payments/checkout/build-subscriptions). A session that bought nothing yet has no invoice: `invoice: string | Invoice | null`.
 */
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
  const method = attachMethod(world, card, { customer });
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
    subscription.automatic_tax.enabled = session.automatic_tax.enabled;
    session.subscription = subscription.id;
    session.invoice = idOf(subscription.latest_invoice) || null;
  }
  Object.assign(session, { status: 'complete', payment_status: 'paid', url: null });
  world.emit('checkout.session.completed', session, world.nowOf(customer));
  return session;
}

export function expireCheckout(world: World, id: string): Stripe.Checkout.Session {
  const session = world.get('checkout_session', id);
  if (session.status !== 'open')
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`,
    );
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
