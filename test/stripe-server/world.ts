import type Stripe from 'stripe';

/** Every kind of object that the server keeps, in Stripe's own types, so that a shape cannot drift. */
export interface Kinds {
  customer: Stripe.Customer;
  product: Stripe.Product;
  price: Stripe.Price;
  payment_method: Stripe.PaymentMethod;
  setup_intent: Stripe.SetupIntent;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  dispute: Stripe.Dispute;
  early_fraud_warning: Stripe.Radar.EarlyFraudWarning;
  subscription: Stripe.Subscription;
  subscription_schedule: Stripe.SubscriptionSchedule;
  invoice: Stripe.Invoice;
  invoice_item: Stripe.InvoiceItem;
  invoice_payment: Stripe.InvoicePayment;
  checkout_session: Stripe.Checkout.Session;
  portal_session: Stripe.BillingPortal.Session;
  coupon: Stripe.Coupon;
  promotion_code: Stripe.PromotionCode;
  discount: Stripe.Discount;
  meter: Stripe.Billing.Meter;
  test_clock: Stripe.TestHelpers.TestClock;
  event: Stripe.Event;
}
export type Kind = keyof Kinds;

const prefixes: Record<Kind, string> = {
  customer: 'cus',
  product: 'prod',
  price: 'price',
  payment_method: 'pm',
  setup_intent: 'seti',
  payment_intent: 'pi',
  charge: 'ch',
  refund: 're',
  dispute: 'du',
  early_fraud_warning: 'issfr',
  subscription: 'sub',
  subscription_schedule: 'sub_sched',
  invoice: 'in',
  invoice_item: 'ii',
  invoice_payment: 'inpay',
  checkout_session: 'cs_test',
  portal_session: 'bps',
  coupon: 'co',
  promotion_code: 'promo',
  discount: 'di',
  meter: 'mtr',
  test_clock: 'clock',
  event: 'evt',
};

/** What an account has decided about payments that fail. */
export interface Dunning {
  /** days after the first failure at which it is tried again */
  retryDays: number[];
  /** what becomes of the subscription when the last one failed */
  then: 'canceled' | 'unpaid' | 'past_due';
}

/** An event of Stripe's second interface, as `GET /v2/core/events/:id` gives it. */
export type ThinEvent = Stripe.V2.Core.Event & { data?: unknown };

export interface MeterUse {
  event: string;
  customer: string;
  value: string;
  timestamp: number;
  identifier: string;
}

/** All that one Stripe account has; the server answers from it, and tests act on it as customers and as Stripe do. */
export class World {
  readonly account = 'acct_1Subctl';
  livemode = false;
  /** seconds since 1970, for all that is on no test clock */
  now: number;
  dunning: Dunning = { retryDays: [1, 3, 5, 7], then: 'canceled' };
  readonly uses: MeterUse[] = [];
  /** identifiers of meter events, and when they came */
  readonly identifiers = new Map<string, number>();
  /** events that only say what happened; the rest is fetched */
  readonly thinEvents: ThinEvent[] = [];
  /** whether the account has search, which is not so everywhere */
  searches = true;
  /** when each customer was written last, in the account's own time */
  readonly changedAt = new Map<string, number>();
  /** customers that were deleted: Stripe still says that they were there */
  readonly gone = new Set<string>();
  /** whether lists of a deleted customer are answered; Stripe's own answer is not documented */
  listsDeleted = true;
  readonly held = new Map<string, Kinds[Kind]>();
  private readonly kinds = new Map<string, Kind>();
  private count = 0;

  constructor(start: string | Date) {
    this.now = Math.floor(new Date(start).getTime() / 1000);
  }

  newId(kind: Kind): string {
    this.count += 1;
    return `${prefixes[kind]}_T${this.count.toString(36).padStart(10, '0')}`;
  }

  add<K extends Kind>(kind: K, object: Kinds[K] & { id: string }): Kinds[K] {
    this.held.set(object.id, object);
    this.kinds.set(object.id, kind);
    return object;
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return this.kinds.get(id) === kind ? (this.held.get(id) as Kinds[K]) : undefined;
  }

  /** @throws ApiError resource_missing, as Stripe says it */
  get<K extends Kind>(kind: K, id: string | null | undefined, param = 'id'): Kinds[K] {
    const found = id ? this.find(kind, id) : undefined;
    if (!found) throw missing(kind, String(id), param);
    return found;
  }

  /** The newest first, as lists come. */
  list<K extends Kind>(kind: K, fits: (object: Kinds[K]) => boolean = () => true): Kinds[K][] {
    const all: Kinds[K][] = [];
    for (const [id, object] of this.held)
      if (this.kinds.get(id) === kind && fits(object as Kinds[K])) all.push(object as Kinds[K]);
    return all.reverse();
  }

  /** The time of a customer: its test clock's, if it has one. */
  nowOf(customer: string | null | undefined): number {
    const found = customer ? this.find('customer', customer) : undefined;
    const clock = found?.test_clock;
    return typeof clock === 'string' ? this.get('test_clock', clock).frozen_time : this.now;
  }

  /** Writes down that something happened, with the object as it is now. */
  emit(type: string, object: object, at: number, previous?: object): Stripe.Event {
    const event = {
      id: this.newId('event'),
      object: 'event',
      api_version: '2026-10-28.endive',
      created: at,
      data: {
        object: JSON.parse(JSON.stringify(object)) as never,
        ...(previous && { previous_attributes: previous }),
      },
      livemode: this.livemode,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    } as unknown as Stripe.Event;
    return this.add('event', event);
  }

  /** Forgets all but what is sold: lists stay short in long tests. */
  clear(): void {
    for (const [id, kind] of this.kinds) {
      if (kind === 'product' || kind === 'price') continue;
      this.kinds.delete(id);
      this.held.delete(id);
    }
  }

  /** What happened, in the order in which it did. */
  events(): Stripe.Event[] {
    return this.list('event').reverse();
  }
}

/** The id of what is named by its id or stands there whole. */
export function idOf(value: string | { id: string } | null | undefined): string {
  return typeof value === 'string' ? value : (value?.id ?? '');
}

export interface ErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error' | 'rate_limit_error';
  code?: string;
  decline_code?: string;
  message: string;
  param?: string;
  payment_intent?: Stripe.PaymentIntent;
}

/** An answer that is an error, in Stripe's form. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
  ) {
    super(body.message);
  }
}

export function missing(kind: string, id: string, param: string): ApiError {
  return new ApiError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind.replace('_', '')}: '${id}'`,
    param,
  });
}

export function invalid(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, {
    type: 'invalid_request_error',
    message,
    ...(param && { param }),
    ...(code && { code }),
  });
}
