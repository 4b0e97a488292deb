import { declared, type Declared } from './declared.ts';
import type { Params, Value } from './form.ts';
import { type ApiError, invalid } from './world.ts';

/** Where the package declares the parameters of each request that the server answers. */
const places: Record<string, string> = {
  'POST /v1/customers': 'Customers CustomerCreateParams',
  'GET /v1/customers': 'Customers CustomerListParams',
  'GET /v1/customers/search': 'Customers CustomerSearchParams',
  'GET /v1/customers/:id': 'Customers CustomerRetrieveParams',
  'POST /v1/customers/:id': 'Customers CustomerUpdateParams',
  'GET /v1/customers/:id/payment_methods': 'Customers CustomerListPaymentMethodsParams',
  'POST /v1/products': 'Products ProductCreateParams',
  'GET /v1/products': 'Products ProductListParams',
  'POST /v1/products/:id': 'Products ProductUpdateParams',
  'POST /v1/prices': 'Prices PriceCreateParams',
  'GET /v1/prices': 'Prices PriceListParams',
  'GET /v1/payment_methods/:id': 'PaymentMethods PaymentMethodRetrieveParams',
  'POST /v1/setup_intents': 'SetupIntents SetupIntentCreateParams',
  'POST /v1/payment_intents': 'PaymentIntents PaymentIntentCreateParams',
  'GET /v1/payment_intents': 'PaymentIntents PaymentIntentListParams',
  'GET /v1/payment_intents/:id': 'PaymentIntents PaymentIntentRetrieveParams',
  'POST /v1/payment_intents/:id': 'PaymentIntents PaymentIntentUpdateParams',
  'POST /v1/payment_intents/:id/confirm': 'PaymentIntents PaymentIntentConfirmParams',
  'POST /v1/payment_intents/:id/cancel': 'PaymentIntents PaymentIntentCancelParams',
  'GET /v1/charges': 'Charges ChargeListParams',
  'POST /v1/refunds': 'Refunds RefundCreateParams',
  'GET /v1/refunds': 'Refunds RefundListParams',
  'GET /v1/disputes': 'Disputes DisputeListParams',
  'POST /v1/subscriptions': 'Subscriptions SubscriptionCreateParams',
  'GET /v1/subscriptions': 'Subscriptions SubscriptionListParams',
  'GET /v1/subscriptions/:id': 'Subscriptions SubscriptionRetrieveParams',
  'POST /v1/subscriptions/:id': 'Subscriptions SubscriptionUpdateParams',
  'POST /v1/subscriptions/:id/resume': 'Subscriptions SubscriptionResumeParams',
  'DELETE /v1/subscriptions/:id': 'Subscriptions SubscriptionCancelParams',
  'POST /v1/subscription_schedules': 'SubscriptionSchedules SubscriptionScheduleCreateParams',
  'GET /v1/subscription_schedules/:id': 'SubscriptionSchedules SubscriptionScheduleRetrieveParams',
  'POST /v1/subscription_schedules/:id': 'SubscriptionSchedules SubscriptionScheduleUpdateParams',
  'POST /v1/subscription_schedules/:id/release': 'SubscriptionSchedules SubscriptionScheduleReleaseParams',
  'GET /v1/invoices': 'Invoices InvoiceListParams',
  'GET /v1/invoices/:id': 'Invoices InvoiceRetrieveParams',
  'POST /v1/invoices/create_preview': 'Invoices InvoiceCreatePreviewParams',
  'POST /v1/invoiceitems': 'InvoiceItems InvoiceItemCreateParams',
  'GET /v1/invoiceitems': 'InvoiceItems InvoiceItemListParams',
  'POST /v1/checkout/sessions': 'Checkout/Sessions SessionCreateParams',
  'GET /v1/checkout/sessions': 'Checkout/Sessions SessionListParams',
  'POST /v1/checkout/sessions/:id/expire': 'Checkout/Sessions SessionExpireParams',
  'POST /v1/billing_portal/sessions': 'BillingPortal/Sessions SessionCreateParams',
  'POST /v1/coupons': 'Coupons CouponCreateParams',
  'GET /v1/coupons': 'Coupons CouponListParams',
  'POST /v1/promotion_codes': 'PromotionCodes PromotionCodeCreateParams',
  'POST /v1/promotion_codes/:id': 'PromotionCodes PromotionCodeUpdateParams',
  'GET /v1/promotion_codes': 'PromotionCodes PromotionCodeListParams',
  'POST /v1/billing/meters': 'Billing/Meters MeterCreateParams',
  'GET /v1/billing/meters': 'Billing/Meters MeterListParams',
  'GET /v1/billing/meters/:id/event_summaries': 'Billing/Meters MeterListEventSummariesParams',
  'POST /v1/billing/meter_events': 'Billing/MeterEvents MeterEventCreateParams',
  'GET /v1/events': 'Events EventListParams',
};

/** Refuses what Stripe refuses: names that it does not know, values of another kind, and what is missing. @throws ApiError */
export function checkParams(pattern: string, params: Params): void {
  const place = places[pattern];
  if (!place) return;
  const [file = '', name = ''] = place.split(' ');
  const fault = faultOf(params, declared(file, name), '');
  if (fault) throw fault;
}

function faultOf(value: Value, type: Declared, path: string): ApiError | undefined {
  switch (type.is) {
    case 'any of':
      return type.types.some((each) => faultOf(value, each, path) === undefined)
        ? undefined
        : // the first is what is meant; an empty text stands last
          faultOf(value, type.types[0]!, path);
    case 'record':
      return faultOfRecord(value, type, path);
    case 'list':
      if (!Array.isArray(value)) return invalid('Invalid array', path);
      return value.map((each, at) => faultOf(each, type.of, `${path}[${at}]`)).find((each) => each);
    case 'map':
      return typeof value === 'string' ? invalid('Invalid object', path) : faultOfMap(value, path);
    case 'number':
      return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
        ? undefined
        : invalid(`Invalid number: ${String(value)}`, path, 'parameter_invalid_integer');
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : invalid('Invalid boolean', path);
    case 'text':
      return faultOfText(value, type.values, path);
  }
}

function faultOfText(value: Value, values: string[] | undefined, path: string): ApiError | undefined {
  if (typeof value !== 'string') return invalid('Invalid string', path);
  if (values && !values.includes(value))
    return invalid(`Invalid ${path}: must be one of ${values.join(', ')}`, path);
  return undefined;
}

function faultOfRecord(
  value: Value,
  { fields }: Extract<Declared, { is: 'record' }>,
  path: string,
): ApiError | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return invalid('Invalid object', path);
  const at = (field: string) => (path === '' ? field : `${path}[${field}]`);
  for (const [field, { required }] of fields)
    if (required && !(field in value))
      return invalid(`Missing required param: ${at(field)}.`, at(field), 'parameter_missing');
  for (const [field, given] of Object.entries(value)) {
    const known = fields.get(field);
    if (!known) return invalid(`Received unknown parameter: ${at(field)}`, at(field), 'parameter_unknown');
    const fault = faultOf(given, known.type(), at(field));
    if (fault) return fault;
  }
  return undefined;
}

/** Metadata: 50 keys of 40 signs, and values of 500. */
function faultOfMap(value: Params | Value[], path: string): ApiError | undefined {
  if (!path.endsWith('metadata')) return undefined;
  const entries = Object.entries(value);
  if (entries.length > 50) return invalid('Metadata can have at most 50 keys', path);
  for (const [key, each] of entries) {
    if (key.length > 40) return invalid(`Metadata keys can have up to 40 characters: ${key}`, path);
    if (typeof each !== 'string' || each.length > 500)
      return invalid('Metadata values can have up to 500 characters', `${path}[${key}]`);
  }
  return undefined;
}
