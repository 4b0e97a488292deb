import Stripe from 'stripe';
import type { InvoiceRequest } from './invoices.ts';
import { idOf, type World } from './world.ts';

export interface Line {
  amount: number;
  description: string;
  quantity: number;
  price: string | null;
  period: { start: number; end: number };
  proration: boolean;
  subscriptionItem: string | null;
  /** of the item that it comes from */
  metadata?: Stripe.Metadata;
}

/** A draft with its lines, before discounts. */
export function newInvoice(
  world: World,
  { customer, subscription, reason, lines, period }: InvoiceRequest,
): Stripe.Invoice {
  const at = world.nowOf(customer);
  const id = world.newId('invoice');
  const owner = world.get('customer', customer);
  const held = subscription ? world.get('subscription', subscription) : undefined;
  const currency = held?.currency ?? owner.currency ?? 'usd';
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  const due = Math.max(0, total);
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Subctl',
    account_tax_ids: null,
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: due,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: reason,
    collection_method: 'charge_automatically',
    created: at,
    currency,
    custom_fields: null,
    customer,
    customer_account: null,
    customer_address: null,
    customer_email: owner.email,
    customer_name: owner.name ?? null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: held?.discounts.map(idOf) ?? [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: 'list',
      data: lines.map((line) => shapeLine(world, line, { invoice: id, subscription, currency })),
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    },
    livemode: world.livemode,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: held
      ? {
          type: 'subscription_details',
          quote_details: null,
          subscription_details: { metadata: held.metadata, subscription: held.id },
        }
      : null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: period.end,
    period_start: period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: owner.test_clock ?? null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: at,
  };
}

function shapeLine(
  world: World,
  line: Line,
  { invoice, subscription, currency }: { invoice: string; subscription: string | null; currency: string },
): Stripe.InvoiceLineItem {
  const price = line.price ? world.get('price', line.price) : undefined;
  return {
    id: `il_${invoice.slice(3)}_${line.period.start}_${line.amount}`,
    object: 'line_item',
    amount: line.amount,
    currency,
    description: line.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: world.livemode,
    metadata: line.metadata ?? {},
    parent: line.subscriptionItem
      ? {
          type: 'subscription_item_details',
          invoice_item_details: null,
          subscription_item_details: {
            invoice_item: null,
            proration: line.proration,
            proration_details: null,
            subscription,
            subscription_item: line.subscriptionItem,
          },
        }
      : {
          type: 'invoice_item_details',
          subscription_item_details: null,
          invoice_item_details: {
            invoice_item: 'ii',
            proration: line.proration,
            proration_details: null,
            subscription,
          },
        },
    period: line.period,
    pretax_credit_amounts: [],
    pricing: price
      ? {
          type: 'price_details',
          price_details: { price: price.id, product: idOf(price.product) },
          unit_amount_decimal: price.unit_amount_decimal,
        }
      : null,
    quantity: line.quantity,
    quantity_decimal: Stripe.Decimal.from(line.quantity),
    subscription,
    subtotal: line.amount,
    taxes: [],
  };
}
