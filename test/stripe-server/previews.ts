import type Stripe from 'stripe';
import { discountLines } from './coupons.ts';
import { planLines } from './cycles.ts';
import { type Params, text } from './form.ts';
import { newInvoice } from './invoice-shape.ts';
import { lineOfItem } from './invoices.ts';
import { periodEnd } from './subscription-shape.ts';
import { idOf, invalid, type World } from './world.ts';

/** `POST /v1/invoices/create_preview`: the next invoice of a subscription; nothing of it is kept. */
export function previewInvoice(world: World, params: Params): Stripe.Invoice {
  const subscription = world.get('subscription', text(params['subscription']), 'subscription');
  if (subscription.cancel_at_period_end || subscription.status === 'canceled')
    throw invalid('No upcoming invoices for customer', undefined, 'invoice_upcoming_none');
  const customer = idOf(subscription.customer);
  const { current_period_start: start, current_period_end: end, price } = subscription.items.data[0]!;
  const next = { start: end, end: periodEnd(subscription.billing_cycle_anchor, price.recurring!, end) };
  const waiting = world
    .list('invoice_item', (item) => item.customer === customer && item.invoice === null)
    .reverse();
  const lines = [
    ...planLines(world, subscription).map((line) => ({ ...line, period: next })),
    ...waiting.map(lineOfItem),
  ];
  const request = {
    customer,
    subscription: subscription.id,
    reason: 'upcoming' as const,
    lines,
    period: { start, end },
  };
  const invoice = newInvoice(world, request);
  const { discounts } = subscription;
  discountLines(world, invoice);
  subscription.discounts = discounts;
  return { ...invoice, next_payment_attempt: end };
}
