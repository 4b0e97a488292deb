import type Stripe from 'stripe';
import type { Line } from './invoice-shape.ts';
import { draftInvoice } from './invoices.ts';
import { periodEnd } from './subscription-shape.ts';
import { idOf, type World } from './world.ts';

/** Moves a subscription into the period that begins now, with the draft of its invoice. */
export function beginPeriod(world: World, subscription: Stripe.Subscription, start: number): Stripe.Invoice {
  const previous = { start: subscription.items.data[0]!.current_period_start, end: start };
  const metered = meteredLines(world, subscription, previous);
  for (const item of subscription.items.data)
    Object.assign(item, {
      current_period_start: start,
      current_period_end: periodEnd(subscription.billing_cycle_anchor, item.price.recurring!, start),
    });
  const invoice = draftInvoice(world, {
    customer: idOf(subscription.customer),
    subscription: subscription.id,
    reason: 'subscription_cycle',
    lines: [...planLines(world, subscription), ...metered],
    period: previous,
  });
  subscription.latest_invoice = invoice.id;
  if (subscription.pause_collection) {
    invoice.auto_advance = false;
    invoice.automatically_finalizes_at = null;
    if (subscription.pause_collection.behavior === 'void') invoice.status = 'void';
  }
  return invoice;
}

/** What the items that cost a fixed price cost for the period that they are in. */
export function planLines(world: World, subscription: Stripe.Subscription): Line[] {
  return subscription.items.data
    .filter(({ price }) => price.recurring?.usage_type !== 'metered')
    .map((item) => ({
      amount: (item.price.unit_amount ?? 0) * (item.quantity ?? 1),
      description: `${item.quantity ?? 1} × ${world.get('product', idOf(item.price.product)).name}`,
      quantity: item.quantity ?? 1,
      price: item.price.id,
      period: { start: item.current_period_start, end: item.current_period_end },
      proration: false,
      subscriptionItem: item.id,
    }));
}

/** What was used in the period that ended, for the items that are paid by use. */
function meteredLines(
  world: World,
  subscription: Stripe.Subscription,
  period: { start: number; end: number },
): Line[] {
  return subscription.items.data
    .filter(({ price }) => price.recurring?.usage_type === 'metered')
    .map((item) => {
      const meter = world.get('meter', item.price.recurring?.meter);
      const quantity = world.uses
        .filter(
          (use) =>
            use.event === meter.event_name &&
            use.customer === idOf(subscription.customer) &&
            use.timestamp >= period.start &&
            use.timestamp < period.end,
        )
        .reduce((sum, use) => sum + Number(use.value), 0);
      return {
        amount: quantity * (item.price.unit_amount ?? 0),
        description: `${quantity} × ${meter.display_name}`,
        quantity,
        price: item.price.id,
        period,
        proration: false,
        subscriptionItem: item.id,
      };
    });
}
