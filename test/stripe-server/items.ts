import Stripe from 'stripe';
import { type Params, integer, record, text, texts } from './form.ts';
import { invalid, type World } from './world.ts';

/** `POST /v1/invoiceitems`: an amount that waits for the customer's next invoice. */
export function createItem(world: World, params: Params): Stripe.InvoiceItem {
  const customer = world.get('customer', text(params['customer']), 'customer');
  const amount = integer(params['amount']);
  const currency = text(params['currency']);
  if (amount === undefined || !currency) throw invalid('Missing required param: currency.', 'currency');
  if (customer.currency && customer.currency !== currency)
    throw invalid(
      `You cannot combine currencies on a single customer. This customer has ${customer.currency}.`,
    );
  const at = world.nowOf(customer.id);
  const period = record(params['period']);
  const item: Stripe.InvoiceItem = {
    id: world.newId('invoice_item'),
    object: 'invoiceitem',
    amount,
    currency,
    customer: customer.id,
    customer_account: null,
    date: at,
    description: text(params['description']) ?? null,
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: world.livemode,
    metadata: texts(params['metadata']),
    parent: null,
    period: { start: integer(period['start']) ?? at, end: integer(period['end']) ?? at },
    pricing: null,
    proration: false,
    quantity: 1,
    quantity_decimal: Stripe.Decimal.from(1),
    tax_rates: [],
    test_clock: customer.test_clock ?? null,
  };
  world.emit('invoiceitem.created', item, at);
  return world.add('invoice_item', item);
}
