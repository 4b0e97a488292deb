import type Stripe from 'stripe';

/** The subject of an event: only ids; the objects are read from Stripe. */
export interface EventSubject {
  stripeCustomer: string | undefined;
  /** our own id, where the object has it */
  customer: string | undefined;
  subscription: string | undefined;
  invoice: string | undefined;
  intent: string | undefined;
  charge: string | undefined;
  /** a dispute or a warning, which is stored as it is */
  dispute: { kind: 'dispute' | 'warning'; id: string; charge: string } | undefined;
  /** the object that must be written for the event to succeed; failures of other objects do not fail it */
  own: readonly string[];
}

type Loose = Record<string, unknown> & { id?: unknown; object?: unknown };

const known =
  /^(customer\.(created|updated|deleted)|customer\.source\.\w+|payment_method\.(attached|detached|updated|automatically_updated)|customer\.subscription\.\w+|subscription_schedule\.\w+|invoice\.\w+|credit_note\.\w+|payment_intent\.\w+|charge\.(succeeded|failed|refunded|updated|pending|captured|expired|refund\.updated|dispute\.\w+)|refund\.\w+|checkout\.session\.(completed|async_payment_succeeded|async_payment_failed)|radar\.early_fraud_warning\.\w+|invoice_payment\.\w+)$/;

/** Events of invoices that cannot be read from Stripe: an upcoming one, and a deleted draft. */
const withoutInvoice = new Set(['invoice.upcoming', 'invoice.deleted']);

const forms = {
  customer: /^cus_\w+$/,
  subscription: /^sub_(?!sched_)\w+$/,
  invoice: /^in_\w+$/,
  intent: /^pi_\w+$/,
  charge: /^(ch|py)_\w+$/,
  dispute: /^(dp|du|pdp)_\w+$/,
  warning: /^issfr_\w+$/,
};

/** Reads an id, given as text or in an object; undefined for a missing, null or empty value and for another type. */
function read(value: unknown, form: RegExp): string | undefined {
  const id: unknown = value !== null && typeof value === 'object' ? (value as { id?: unknown }).id : value;
  return typeof id === 'string' && form.test(id) ? id : undefined;
}

const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[name] : undefined;

/** Returns the subject of an event, in any version of Stripe's API; undefined for a type that subctl does not use. */
export function subjectOf({ type, data }: Stripe.Event): EventSubject | undefined {
  if (!known.test(type)) return undefined;
  const object = data.object as unknown as Loose;
  const is = (kind: string) => object.object === kind;
  const metadata = (object['metadata'] ?? {}) as Record<string, unknown>;
  const [invoice, intent] = [invoiceOf(type, object), intentOf(object)];
  const subscription = read(is('subscription') ? object.id : object['subscription'], forms.subscription);
  const charge = read(is('charge') ? object.id : object['charge'], forms.charge);
  const dispute = disputeOf(object);
  return {
    stripeCustomer: customerOf(object, data.previous_attributes),
    customer:
      textOf(metadata['subctl_customer']) ??
      (is('checkout.session') ? textOf(object['client_reference_id']) : undefined),
    ...{ subscription, invoice, intent, charge, dispute },
    own: [
      is('subscription') || is('checkout.session') ? subscription : undefined,
      is('invoice') ? invoice : undefined,
      is('invoice') ? undefined : (dispute?.id ?? intent),
    ].filter((id) => id !== undefined),
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A detached method has no customer: the event names the previous one. */
const customerOf = (object: Loose, previous: unknown): string | undefined =>
  read(object.object === 'customer' ? object.id : object['customer'], forms.customer) ??
  read(field(previous, 'customer'), forms.customer);

function invoiceOf(type: string, object: Loose): string | undefined {
  if (withoutInvoice.has(type)) return undefined;
  return read(object.object === 'invoice' ? object.id : object['invoice'], forms.invoice);
}

const intentOf = (object: Loose): string | undefined =>
  read(object.object === 'payment_intent' ? object.id : object['payment_intent'], forms.intent) ??
  read(field(object['payment'], 'payment_intent'), forms.intent);

const disputeKinds = new Map<unknown, 'dispute' | 'warning'>([
  ['dispute', 'dispute'],
  ['radar.early_fraud_warning', 'warning'],
]);

function disputeOf(object: Loose): EventSubject['dispute'] {
  const kind = disputeKinds.get(object.object);
  const [id, charge] = [kind && read(object.id, forms[kind]), read(object['charge'], forms.charge)];
  return kind && id && charge ? { kind, id, charge } : undefined;
}
