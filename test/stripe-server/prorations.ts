import Stripe from 'stripe';
import { beginPeriod } from './cycles.ts';
import { type Params, flag, integer, list, record, text } from './form.ts';
import { collectInvoice, draftInvoice, finalizeInvoice } from './invoices.ts';
import { newItem, planOf } from './subscription-shape.ts';
import { idOf, invalid, type World } from './world.ts';

/** Other prices or quantities of a subscription's items, with what they cost by the second for the rest of the period. */
export function changeItems(world: World, subscription: Stripe.Subscription, params: Params): void {
  const behaviour = text(params['proration_behavior']) ?? 'create_prorations';
  const at = integer(params['proration_date']) ?? world.nowOf(idOf(subscription.customer));
  const anew = text(record(params['billing_cycle_anchor'])['type']) === 'now';
  let other = false;
  for (const asked of list(params['items']).map(record)) {
    const item = subscription.items.data.find(({ id }) => id === text(asked['id']));
    if (!item) addItem(world, subscription, asked);
    else if (flag(asked['deleted']))
      subscription.items.data = subscription.items.data.filter((each) => each !== item);
    else {
      const before = { price: item.price, quantity: item.quantity ?? 1 };
      const price = asked['price'] ? world.get('price', text(asked['price']), 'items[0][price]') : item.price;
      Object.assign(item, {
        price,
        plan: planOf(price),
        quantity: integer(asked['quantity']) ?? before.quantity,
      });
      other ||= !isSameCycle(before.price, price);
      if (behaviour !== 'none' && subscription.status !== 'trialing')
        prorate(world, subscription, { item, before, at, anew: anew || !isSameCycle(before.price, price) });
    }
  }
  if (subscription.status === 'trialing') return;
  if (anew || other) invoiceNow(world, subscription, { anew: true });
  else if (behaviour === 'always_invoice') invoiceNow(world, subscription, { anew: false });
}

function addItem(world: World, subscription: Stripe.Subscription, asked: Params): void {
  const price = text(asked['price']);
  if (!price) throw invalid('Missing required param: items[0][price].', 'items[0][price]');
  const first = subscription.items.data[0]!;
  const id = `${first.id}_${subscription.items.data.length}`;
  const { current_period_start: start, current_period_end: end } = first;
  subscription.items.data.push(
    newItem(world, {
      id,
      subscription: subscription.id,
      price,
      quantity: integer(asked['quantity']) ?? 1,
      start,
      end,
    }),
  );
}

const isSameCycle = (a: Stripe.Price, b: Stripe.Price): boolean =>
  a.recurring?.interval === b.recurring?.interval &&
  a.recurring?.interval_count === b.recurring?.interval_count;

interface Change {
  item: Stripe.SubscriptionItem;
  before: { price: Stripe.Price; quantity: number };
  at: number;
  anew: boolean;
}

/** Gives back the rest of what was paid, and asks for the rest of what is new unless a whole period begins now. */
function prorate(world: World, subscription: Stripe.Subscription, { item, before, at, anew }: Change): void {
  const { current_period_start: start, current_period_end: end } = item;
  const part = (price: Stripe.Price, quantity: number) =>
    Math.round(((price.unit_amount ?? 0) * quantity * (end - at)) / (end - start));
  const period = { start: at, end };
  addProration(world, subscription, {
    amount: -part(before.price, before.quantity),
    quantity: before.quantity,
    price: before.price,
    period,
  });
  if (!anew)
    addProration(world, subscription, {
      amount: part(item.price, item.quantity ?? 1),
      quantity: item.quantity ?? 1,
      price: item.price,
      period,
    });
}

interface Part {
  amount: number;
  quantity: number;
  price: Stripe.Price;
  period: { start: number; end: number };
}

function addProration(
  world: World,
  subscription: Stripe.Subscription,
  { amount, quantity, price, period }: Part,
): void {
  const name = world.get('product', idOf(price.product)).name;
  world.add('invoice_item', {
    id: world.newId('invoice_item'),
    object: 'invoiceitem',
    amount,
    currency: subscription.currency,
    customer: subscription.customer,
    customer_account: null,
    date: period.start,
    description: `${amount < 0 ? 'Unused' : 'Remaining'} time on ${quantity} × ${name}`,
    discountable: false,
    discounts: [],
    invoice: null,
    livemode: world.livemode,
    metadata: {},
    parent: { type: 'subscription_details', subscription_details: { subscription: subscription.id } },
    period,
    pricing: {
      type: 'price_details',
      price_details: { price: price.id, product: idOf(price.product) },
      unit_amount_decimal: price.unit_amount_decimal,
    },
    proration: true,
    quantity,
    quantity_decimal: Stripe.Decimal.from(quantity),
    tax_rates: [],
    test_clock: subscription.test_clock,
  });
}

/** Asks for what has come up at once: with `anew` together with a whole period from now on. */
function invoiceNow(world: World, subscription: Stripe.Subscription, { anew }: { anew: boolean }): void {
  const customer = idOf(subscription.customer);
  const at = world.nowOf(customer);
  if (anew) subscription.billing_cycle_anchor = at;
  const invoice = anew
    ? beginPeriod(world, subscription, at)
    : draftInvoice(world, {
        customer,
        subscription: subscription.id,
        reason: 'subscription_update',
        lines: [],
        period: { start: at, end: at },
      });
  invoice.billing_reason = 'subscription_update';
  subscription.latest_invoice = invoice.id;
  finalizeInvoice(world, invoice);
  collectInvoice(world, invoice);
}
