import type Stripe from 'stripe';
import { cancelNow } from './endings.ts';
import { type Params, type Value, integer, record, text, texts } from './form.ts';
import { idOf, type World, invalid } from './world.ts';

export function createCustomer(world: World, params: Params): Stripe.Customer {
  const clock = text(params['test_clock']);
  const at = clock ? world.get('test_clock', clock, 'test_clock').frozen_time : world.now;
  const customer: Stripe.Customer = {
    id: world.newId('customer'),
    object: 'customer',
    balance: 0,
    created: at,
    currency: null,
    default_source: null,
    delinquent: false,
    description: text(params['description']) ?? null,
    discount: null,
    email: text(params['email']) ?? null,
    invoice_prefix: 'T0000001',
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: world.livemode,
    metadata: texts(params['metadata']),
    name: text(params['name']) ?? null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: clock ?? null,
  };
  world.add('customer', customer);
  world.changedAt.set(customer.id, world.now);
  world.emit('customer.created', customer, at);
  return customer;
}

export function updateCustomer(world: World, id: string, params: Params): Stripe.Customer {
  const customer = world.get('customer', id);
  const { email, name, description, metadata, invoice_settings: settings } = params;
  if (email !== undefined) customer.email = text(email) ?? null;
  if (name !== undefined) customer.name = text(name) ?? null;
  if (description !== undefined) customer.description = text(description) ?? null;
  if (metadata !== undefined) customer.metadata = mergeMetadata(customer.metadata, metadata);
  const method = text(record(settings)['default_payment_method']);
  if (method) {
    const found = world.get('payment_method', method, 'invoice_settings[default_payment_method]');
    if (found.customer !== id)
      throw invalid(
        'The customer does not have that payment method',
        'invoice_settings[default_payment_method]',
      );
    customer.invoice_settings.default_payment_method = method;
  }
  world.changedAt.set(id, world.now);
  world.emit('customer.updated', customer, world.nowOf(id));
  return customer;
}

/** A deleted customer has only these three fields. */
export function readCustomer(world: World, id: string): Stripe.Customer | Stripe.DeletedCustomer {
  if (world.gone.has(id)) return { id, object: 'customer', deleted: true };
  return world.get('customer', id);
}

/** Stripe cancels the customer's active subscriptions and forgets its cards; what it paid can still be listed. */
export function deleteCustomer(world: World, id: string): Stripe.DeletedCustomer {
  const customer = world.get('customer', id);
  const isLive = ({ customer: owner, status }: Stripe.Subscription) =>
    idOf(owner) === id && !/^(canceled|incomplete_expired)$/.test(status);
  for (const each of world.list('subscription', isLive)) cancelNow(world, each, 'cancellation_requested');
  for (const method of world.list('payment_method', (each) => each.customer === id)) method.customer = null;
  world.emit('customer.deleted', customer, world.nowOf(id));
  world.held.delete(id);
  world.gone.add(id);
  return { id, object: 'customer', deleted: true };
}

/** What was made or changed within this time is not found: "data is searchable in under 1 minute" (docs.stripe.com/search). */
const searchLag = 60;

/**
 * The one question that is asked here: `metadata['name']:'value'`. The sign `:` matches in any case ("exact match", case insensitive:
 * docs.stripe.com/search), and "search functionality is not available to merchants in India" (`world.searches`).
 */
export function searchCustomers(world: World, params: Params): object {
  if (!world.searches) throw invalid('Search is not available for your account.');
  const found = /^metadata\['(\w+)'\]:'(.*)'$/.exec(text(params['query']) ?? '');
  if (!found) throw invalid('We were unable to parse your search query.', 'query');
  const [, field = '', quoted = ''] = found;
  const value = quoted.replace(/\\(.)/g, '$1').toLowerCase();
  const data = world
    .list('customer', ({ id }) => (world.changedAt.get(id) ?? 0) + searchLag <= world.now)
    .filter(({ metadata }) => metadata[field]?.toLowerCase() === value)
    .slice(0, integer(params['limit']) ?? 10);
  return { object: 'search_result', data, has_more: false, next_page: null, url: '/v1/customers/search' };
}

/** New values win, empty ones take a key away. */
export function mergeMetadata(old: Stripe.Metadata, given: Value | undefined): Stripe.Metadata {
  const merged = { ...old, ...texts(given) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
