import type Stripe from 'stripe';
import { discountLines } from './coupons.ts';
import { type Line, newInvoice } from './invoice-shape.ts';
import { newIntent, pay } from './intents.ts';
import { afterFailure, afterPayment } from './dunning.ts';
import { applyBalance } from './settlements.ts';
import { ApiError, idOf, invalid, type World } from './world.ts';

/** How long a draft waits before it is final: an hour, as with Stripe. */
const draftSeconds = 3600;

export interface InvoiceRequest {
  customer: string;
  subscription: string | null;
  reason: Stripe.Invoice.BillingReason;
  lines: Line[];
  period: { start: number; end: number };
}

/** Makes an invoice of lines and of what waits for the customer's next one; a draft until it is final. */
export function draftInvoice(world: World, request: InvoiceRequest): Stripe.Invoice {
  const waiting = world
    .list('invoice_item', (item) => item.customer === request.customer && item.invoice === null)
    .reverse();
  const lines = [...request.lines, ...waiting.map(lineOfItem)];
  const invoice = newInvoice(world, { ...request, lines });
  for (const item of waiting) item.invoice = invoice.id;
  discountLines(world, invoice);
  invoice.automatically_finalizes_at = invoice.created + draftSeconds;
  world.add('invoice', invoice);
  world.emit('invoice.created', invoice, invoice.created);
  return invoice;
}

export function lineOfItem(item: Stripe.InvoiceItem): Line {
  return {
    amount: item.amount,
    description: item.description ?? '',
    quantity: item.quantity,
    price: item.pricing?.price_details ? idOf(item.pricing.price_details.price) : null,
    period: item.period,
    proration: item.proration,
    subscriptionItem: null,
    metadata: item.metadata ?? {},
  };
}

export function finalizeInvoice(world: World, invoice: Stripe.Invoice): Stripe.Invoice {
  if (invoice.status !== 'draft') throw invalid(`This invoice is already ${invoice.status}`);
  const at = world.nowOf(idOf(invoice.customer));
  const customer = world.get('customer', idOf(invoice.customer));
  invoice.number = `T0000001-${String(customer.next_invoice_sequence!++).padStart(4, '0')}`;
  Object.assign(invoice, { status: 'open', automatically_finalizes_at: null, effective_at: at });
  invoice.status_transitions.finalized_at = at;
  invoice.hosted_invoice_url = `https://invoice.stripe.test/${invoice.id}`;
  invoice.next_payment_attempt = at;
  applyBalance(invoice, customer);
  world.emit('invoice.finalized', invoice, at);
  return invoice;
}

/** Tries to collect an invoice with the subscription's way to pay, or the customer's. True: it is paid, or on its way. */
export function collectInvoice(world: World, invoice: Stripe.Invoice, method?: string): boolean {
  const at = world.nowOf(idOf(invoice.customer));
  invoice.attempted = true;
  if (invoice.amount_due === 0) {
    markPaid(world, invoice, null);
    return true;
  }
  invoice.attempt_count += 1;
  const source = method ?? methodOf(world, invoice);
  const intent = intentOf(world, invoice);
  if (!source) {
    failInvoice(world, invoice, at);
    return false;
  }
  intent.payment_method = source;
  pay(world, intent, { offSession: true, returnUrl: null });
  return concludeInvoice(world, invoice, intent);
}

/** What an intent of an invoice came to, written on the invoice. */
export function concludeInvoice(
  world: World,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
): boolean {
  if (intent.status === 'succeeded') markPaid(world, invoice, intent);
  else if (intent.status === 'processing') invoice.next_payment_attempt = null;
  else failInvoice(world, invoice, world.nowOf(idOf(invoice.customer)));
  return intent.status === 'succeeded' || intent.status === 'processing';
}

function methodOf(world: World, invoice: Stripe.Invoice): string | undefined {
  const subscription = subscriptionOf(world, invoice);
  const own = subscription && idOf(subscription.default_payment_method);
  const { invoice_settings: settings, default_source: source } = world.get(
    'customer',
    idOf(invoice.customer),
  );
  // "If neither are set, invoices will use the customer's default_payment_method or default_source" (Subscription.default_payment_method)
  return own || idOf(settings.default_payment_method) || idOf(source) || undefined;
}

/** The one intent of an invoice, made at its first try. */
function intentOf(world: World, invoice: Stripe.Invoice): Stripe.PaymentIntent {
  const known = world.list('invoice_payment', (payment) => payment.invoice === invoice.id)[0];
  if (known) return world.get('payment_intent', idOf(known.payment.payment_intent));
  const intent = newIntent(world, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    method: null,
  });
  intent.description =
    invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update';
  world.add('invoice_payment', {
    id: world.newId('invoice_payment'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: intent.created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: world.livemode,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
  return intent;
}

function markPaid(world: World, invoice: Stripe.Invoice, intent: Stripe.PaymentIntent | null): void {
  const at = world.nowOf(idOf(invoice.customer));
  Object.assign(invoice, {
    status: 'paid',
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    next_payment_attempt: null,
  });
  invoice.status_transitions.paid_at = at;
  const payment = intent && world.list('invoice_payment', (each) => each.invoice === invoice.id)[0];
  if (payment) {
    Object.assign(payment, { status: 'paid', amount_paid: invoice.amount_due });
    payment.status_transitions.paid_at = at;
  }
  world.emit('invoice.paid', invoice, at);
  world.emit('invoice.payment_succeeded', invoice, at);
  afterPayment(world, invoice);
}

function failInvoice(world: World, invoice: Stripe.Invoice, at: number): void {
  const { retryDays } = world.dunning;
  const first = invoice.status_transitions.finalized_at ?? at;
  const days = retryDays[invoice.attempt_count - 1];
  const isFirst = invoice.billing_reason === 'subscription_create';
  invoice.next_payment_attempt = days === undefined || isFirst ? null : first + days * 86_400;
  world.emit('invoice.payment_failed', invoice, at);
  afterFailure(world, invoice);
}

export function subscriptionOf(world: World, invoice: Stripe.Invoice): Stripe.Subscription | undefined {
  return world.find('subscription', idOf(invoice.parent?.subscription_details?.subscription));
}

/** `POST /v1/invoices/:id/pay`: a refusal is an error 402. Paid out of band, it has no payment. */
export function payInvoice(
  world: World,
  id: string,
  method: string | undefined,
  outOfBand = false,
): Stripe.Invoice {
  const invoice = world.get('invoice', id);
  if (invoice.status === 'paid') throw invalid('Invoice is already paid', undefined, 'invoice_already_paid');
  if (invoice.status === 'draft') finalizeInvoice(world, invoice);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalid(`Invoice is ${invoice.status}`);
  if (outOfBand) {
    markPaid(world, invoice, null);
    return invoice;
  }
  if (collectInvoice(world, invoice, method)) return invoice;
  throw new ApiError(402, { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' });
}

export function voidInvoice(world: World, id: string): Stripe.Invoice {
  const invoice = world.get('invoice', id);
  if (!['open', 'uncollectible'].includes(invoice.status ?? ''))
    throw invalid(`You can only void an open invoice; this one is ${invoice.status}`);
  const at = world.nowOf(idOf(invoice.customer));
  Object.assign(invoice, { status: 'void', next_payment_attempt: null });
  invoice.status_transitions.voided_at = at;
  world.emit('invoice.voided', invoice, at);
  return invoice;
}

/** A draft may be deleted; from then on nothing has its id. */
export function deleteDraft(world: World, id: string): { id: string; object: 'invoice'; deleted: true } {
  const invoice = world.get('invoice', id);
  if (invoice.status !== 'draft') throw invalid('You can only delete draft invoices');
  world.held.delete(id);
  world.emit('invoice.deleted', invoice, world.nowOf(idOf(invoice.customer)));
  return { id, object: 'invoice', deleted: true };
}

/** Some days before a renewal: the invoice that will come, which has no id, or that of a preview. */
export function announceInvoice(world: World, invoice: Stripe.Invoice, id?: string | null): void {
  const object: Record<string, unknown> = { ...invoice, status: 'draft' };
  if (id === undefined) delete object['id'];
  else object['id'] = id;
  world.emit('invoice.upcoming', object, world.nowOf(idOf(invoice.customer)));
}

export function markUncollectible(world: World, invoice: Stripe.Invoice): Stripe.Invoice {
  const at = world.nowOf(idOf(invoice.customer));
  Object.assign(invoice, { status: 'uncollectible', next_payment_attempt: null });
  invoice.status_transitions.marked_uncollectible_at = at;
  world.emit('invoice.marked_uncollectible', invoice, at);
  return invoice;
}
