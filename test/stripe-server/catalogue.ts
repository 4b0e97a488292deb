import Stripe from 'stripe';
import { mergeMetadata } from './customers.ts';
import { type Params, flag, integer, list, record, text, texts } from './form.ts';
import { type World, invalid } from './world.ts';

export function createProduct(world: World, params: Params): Stripe.Product {
  const id = text(params['id']) ?? world.newId('product');
  if (world.find('product', id))
    throw invalid(`Product already exists: ${id}`, 'id', 'resource_already_exists');
  const product: Stripe.Product = {
    id,
    object: 'product',
    active: flag(params['active']) ?? true,
    created: world.now,
    default_price: null,
    description: text(params['description']) ?? null,
    images: [],
    livemode: world.livemode,
    marketing_features: [],
    metadata: texts(params['metadata']),
    name: text(params['name']) ?? '',
    package_dimensions: null,
    shippable: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    updated: world.now,
    url: null,
  };
  world.emit('product.created', product, world.now);
  return world.add('product', product);
}

export function updateProduct(world: World, id: string, params: Params): Stripe.Product {
  const product = world.get('product', id);
  product.name = text(params['name']) ?? product.name;
  if (params['description'] !== undefined) product.description = text(params['description']) ?? null;
  product.active = flag(params['active']) ?? product.active;
  product.metadata = mergeMetadata(product.metadata, params['metadata']);
  product.updated = world.now;
  world.emit('product.updated', product, world.now);
  return product;
}

export function createPrice(world: World, params: Params): Stripe.Price {
  const recurring = record(params['recurring']);
  const product = world.get('product', text(params['product']), 'product');
  const lookup = text(params['lookup_key']) ?? null;
  takeLookup(world, lookup, flag(params['transfer_lookup_key']));
  const amount = integer(params['unit_amount']) ?? null;
  if (amount !== null && !Number.isInteger(amount)) throw invalid('Invalid integer', 'unit_amount');
  const price: Stripe.Price = {
    id: world.newId('price'),
    object: 'price',
    active: flag(params['active']) ?? true,
    billing_scheme: 'per_unit',
    created: world.now,
    currency: (text(params['currency']) ?? '').toLowerCase(),
    custom_unit_amount: null,
    livemode: world.livemode,
    lookup_key: lookup,
    metadata: texts(params['metadata']),
    nickname: text(params['nickname']) ?? null,
    product: product.id,
    recurring: params['recurring']
      ? {
          interval: text(recurring['interval']) as 'month',
          interval_count: integer(recurring['interval_count']) ?? 1,
          meter: text(recurring['meter']) ?? null,
          trial_period_days: null,
          usage_type: (text(recurring['usage_type']) ?? 'licensed') as 'licensed',
        }
      : null,
    tax_behavior: (text(params['tax_behavior']) ?? 'unspecified') as 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: params['recurring'] ? 'recurring' : 'one_time',
    unit_amount: amount,
    unit_amount_decimal: amount === null ? null : Stripe.Decimal.from(amount),
  };
  world.emit('price.created', price, world.now);
  return world.add('price', price);
}

/** The amount, currency and interval of a price never change: only what is about it. */
export function updatePrice(world: World, id: string, params: Params): Stripe.Price {
  const price = world.get('price', id);
  for (const fixed of ['unit_amount', 'currency', 'recurring', 'product'])
    if (fixed in params) throw invalid(`Received unknown parameter: ${fixed}`, fixed, 'parameter_unknown');
  price.active = flag(params['active']) ?? price.active;
  price.nickname = text(params['nickname']) ?? price.nickname;
  price.metadata = mergeMetadata(price.metadata, params['metadata']);
  const tax = text(params['tax_behavior']);
  if (tax && price.tax_behavior !== 'unspecified' && tax !== price.tax_behavior)
    // "Once specified as either inclusive or exclusive, it cannot be changed" (PriceUpdateParams.tax_behavior)
    throw invalid('The tax_behavior of a price cannot be changed once it is specified.', 'tax_behavior');
  if (tax) price.tax_behavior = tax as 'exclusive';
  const lookup = text(params['lookup_key']);
  if (lookup && lookup !== price.lookup_key) {
    takeLookup(world, lookup, flag(params['transfer_lookup_key']));
    price.lookup_key = lookup;
  }
  world.emit('price.updated', price, world.now);
  return price;
}

export function listPrices(world: World, params: Params): Stripe.Price[] {
  const keys = list(params['lookup_keys']);
  const [active, product] = [flag(params['active']), text(params['product'])];
  return world.list(
    'price',
    (price) =>
      (keys.length === 0 || keys.includes(price.lookup_key ?? '')) &&
      (active === undefined || price.active === active) &&
      (!product || price.product === product),
  );
}

function takeLookup(world: World, lookup: string | null, transfer: boolean | undefined): void {
  if (!lookup) return;
  const holder = world.list('price', (price) => price.lookup_key === lookup)[0];
  if (!holder) return;
  if (!transfer) throw invalid(`A price (\`${holder.id}\`) already uses that lookup key.`, 'lookup_key');
  holder.lookup_key = null;
}
