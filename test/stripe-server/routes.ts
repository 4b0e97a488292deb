import { createPrice, createProduct, listPrices, updatePrice, updateProduct } from './catalogue.ts';
import { createRefund } from './charges.ts';
import { advanceClock, createClock } from './clocks.ts';
import { createCoupon, createPromotionCode, updatePromotionCode } from './coupons.ts';
import {
  createCustomer,
  deleteCustomer,
  readCustomer,
  searchCustomers,
  updateCustomer,
} from './customers.ts';
import { type Params, fitsRange, flag, list, text } from './form.ts';
import { cancelIntent, confirm, createIntent, updateIntent } from './intents.ts';
import { deleteDraft, finalizeInvoice, markUncollectible, payInvoice, voidInvoice } from './invoices.ts';
import { createItem } from './items.ts';
import { attachMethod, createMethod, detachMethod } from './methods.ts';
import { createMeter, createMeterEvent, listSummaries, readThinEvent } from './meters.ts';
import { completeList } from './pages.ts';
import { previewInvoice } from './previews.ts';
import { createSchedule, releaseSchedule, updateSchedule } from './schedules.ts';
import { createCheckout, createPortal, expireCheckout } from './sessions.ts';
import { confirmSetup, createSetup } from './setups.ts';
import {
  createSubscription,
  deleteSubscription,
  resumeSubscription,
  updateSubscription,
} from './subscriptions.ts';
import { idOf, missing, type Kind, type Kinds, type World } from './world.ts';

type Handler = (world: World, params: Params, id: string) => object;

const read =
  (kind: Kind): Handler =>
  (world, _params, id) =>
    world.get(kind, id);

/** A list of a kind, filtered by the fields that Stripe filters it by. */
const listed =
  <K extends Kind>(kind: K, ...fields: (keyof Kinds[K] & string)[]): Handler =>
  (world, params) => {
    checkListed(world, params);
    return completeList(
      world.list(kind, (object) => fits(object as unknown as Record<string, unknown>, fields, params)),
      params,
    );
  };

function checkListed(world: World, params: Params): void {
  const customer = text(params['customer']) ?? '';
  if (!world.listsDeleted && world.gone.has(customer)) throw missing('customer', customer, 'customer');
}

function fits(object: Record<string, unknown>, fields: readonly string[], params: Params): boolean {
  if (typeof object['created'] === 'number' && !fitsRange(object['created'], params['created'])) return false;
  return fields.every((field) => {
    const asked = text(params[field]);
    if (asked === undefined) return true;
    const held = object[field];
    return (
      asked === (typeof held === 'boolean' || typeof held === 'number' ? String(held) : idOf(held as string))
    );
  });
}

const listSubscriptions: Handler = (world, params) => {
  checkListed(world, params);
  const [status, customer, price] = [text(params['status']), text(params['customer']), text(params['price'])];
  const found = world.list(
    'subscription',
    (each) =>
      (status === 'all' ||
        (status
          ? each.status === status
          : each.status !== 'canceled' && each.status !== 'incomplete_expired')) &&
      (!customer || idOf(each.customer) === customer) &&
      (!price || each.items.data.some((item) => item.price.id === price)) &&
      fitsRange(each.created, params['created']),
  );
  return completeList(found, params);
};

const listInvoices: Handler = (world, params) => {
  checkListed(world, params);
  const [subscription, customer, status] = [
    text(params['subscription']),
    text(params['customer']),
    text(params['status']),
  ];
  const found = world.list(
    'invoice',
    (each) =>
      (!subscription || idOf(each.parent?.subscription_details?.subscription) === subscription) &&
      (!customer || idOf(each.customer) === customer) &&
      (!status || each.status === status) &&
      fitsRange(each.created, params['created']),
  );
  return completeList(found, params);
};

const listMethods: Handler = (world, params, id) => {
  const customer = id || text(params['customer']);
  if (customer && world.gone.has(customer)) throw missing('customer', customer, 'customer');
  return completeList(
    world.list(
      'payment_method',
      (each) => each.customer === customer && (!params['type'] || each.type === params['type']),
    ),
    params,
  );
};

const listEvents: Handler = (world, params) => {
  const types = list(params['types']);
  const type = text(params['type']);
  return completeList(
    world.list(
      'event',
      (event) =>
        (types.length === 0 || types.includes(event.type)) &&
        (!type || event.type === type) &&
        fitsRange(event.created, params['created']),
    ),
    params,
  );
};

const account: Handler = (world) => ({
  id: world.account,
  object: 'account',
  default_currency: 'usd',
  charges_enabled: true,
  country: 'US',
});

/** All that the server answers, by method and path; `:id` is handed over. */
export const routes: Record<string, Handler> = {
  'GET /v1/account': account,
  'POST /v1/customers': createCustomer,
  'GET /v1/customers': listed('customer', 'email'),
  'GET /v1/customers/search': searchCustomers,
  'GET /v1/customers/:id': (world, _params, id) => readCustomer(world, id),
  'POST /v1/customers/:id': (world, params, id) => updateCustomer(world, id, params),
  'DELETE /v1/customers/:id': (world, _params, id) => deleteCustomer(world, id),
  'GET /v1/customers/:id/payment_methods': listMethods,
  'POST /v1/products': createProduct,
  'GET /v1/products': listed('product', 'active'),
  'GET /v1/products/:id': read('product'),
  'POST /v1/products/:id': (world, params, id) => updateProduct(world, id, params),
  'POST /v1/prices': createPrice,
  'GET /v1/prices': (world, params) => completeList(listPrices(world, params), params),
  'GET /v1/prices/:id': read('price'),
  'POST /v1/prices/:id': (world, params, id) => updatePrice(world, id, params),
  'POST /v1/payment_methods': (world, params) => createMethod(world, text(params['test']) ?? 'pm_card_visa'),
  'GET /v1/payment_methods': (world, params) => listMethods(world, params, ''),
  'GET /v1/payment_methods/:id': read('payment_method'),
  'POST /v1/payment_methods/:id/attach': (world, params, id) => attachMethod(world, id, params),
  'POST /v1/payment_methods/:id/detach': (world, _params, id) => detachMethod(world, id),
  'POST /v1/setup_intents': createSetup,
  'GET /v1/setup_intents/:id': read('setup_intent'),
  'POST /v1/setup_intents/:id/confirm': (world, params, id) => confirmSetup(world, id, params),
  'POST /v1/payment_intents': createIntent,
  'GET /v1/payment_intents': listed('payment_intent', 'customer'),
  'GET /v1/payment_intents/:id': read('payment_intent'),
  'POST /v1/payment_intents/:id': (world, params, id) => updateIntent(world, id, params),
  'POST /v1/payment_intents/:id/confirm': (world, params, id) =>
    confirm(world, world.get('payment_intent', id), params),
  'POST /v1/payment_intents/:id/cancel': (world, params, id) => cancelIntent(world, id, params),
  'GET /v1/charges': listed('charge', 'customer', 'payment_intent'),
  'GET /v1/charges/:id': read('charge'),
  'POST /v1/refunds': createRefund,
  'GET /v1/refunds': listed('refund', 'payment_intent', 'charge'),
  'GET /v1/refunds/:id': read('refund'),
  'GET /v1/disputes': listed('dispute', 'payment_intent', 'charge'),
  'GET /v1/disputes/:id': read('dispute'),
  'GET /v1/radar/early_fraud_warnings': listed('early_fraud_warning', 'charge'),
  'GET /v1/radar/early_fraud_warnings/:id': read('early_fraud_warning'),
  'POST /v1/subscriptions': createSubscription,
  'GET /v1/subscriptions': listSubscriptions,
  'GET /v1/subscriptions/:id': read('subscription'),
  'POST /v1/subscriptions/:id': (world, params, id) => updateSubscription(world, id, params),
  'POST /v1/subscriptions/:id/resume': (world, _params, id) => resumeSubscription(world, id),
  'DELETE /v1/subscriptions/:id': (world, _params, id) => deleteSubscription(world, id),
  'POST /v1/subscription_schedules': createSchedule,
  'GET /v1/subscription_schedules/:id': read('subscription_schedule'),
  'POST /v1/subscription_schedules/:id': (world, params, id) => updateSchedule(world, id, params),
  'POST /v1/subscription_schedules/:id/release': (world, _params, id) => releaseSchedule(world, id),
  'GET /v1/invoices': listInvoices,
  'GET /v1/invoices/:id': read('invoice'),
  'DELETE /v1/invoices/:id': (world, _params, id) => deleteDraft(world, id),
  'GET /v1/invoices/:id/lines': (world, params, id) =>
    completeList(world.get('invoice', id).lines.data, params),
  'POST /v1/invoices/create_preview': previewInvoice,
  'POST /v1/invoices/:id/pay': (world, params, id) =>
    payInvoice(world, id, text(params['payment_method']), flag(params['paid_out_of_band'])),
  'POST /v1/invoices/:id/finalize': (world, _params, id) => finalizeInvoice(world, world.get('invoice', id)),
  'POST /v1/invoices/:id/void': (world, _params, id) => voidInvoice(world, id),
  'POST /v1/invoices/:id/mark_uncollectible': (world, _params, id) =>
    markUncollectible(world, world.get('invoice', id)),
  'POST /v1/invoiceitems': createItem,
  'GET /v1/invoiceitems': listed('invoice_item', 'customer', 'invoice'),
  'GET /v1/invoice_payments': listed('invoice_payment', 'invoice'),
  'POST /v1/checkout/sessions': createCheckout,
  'GET /v1/checkout/sessions': listed('checkout_session', 'customer', 'subscription', 'status'),
  'GET /v1/checkout/sessions/:id': read('checkout_session'),
  'POST /v1/checkout/sessions/:id/expire': (world, _params, id) => expireCheckout(world, id),
  'POST /v1/billing_portal/sessions': createPortal,
  'POST /v1/coupons': createCoupon,
  'GET /v1/coupons': listed('coupon'),
  'GET /v1/coupons/:id': read('coupon'),
  'POST /v1/promotion_codes': createPromotionCode,
  'POST /v1/promotion_codes/:id': (world, params, id) => updatePromotionCode(world, id, params),
  'GET /v1/promotion_codes': (world, params) =>
    completeList(
      world.list(
        'promotion_code',
        (each) =>
          (!params['code'] || each.code.toLowerCase() === text(params['code'])?.toLowerCase()) &&
          (flag(params['active']) ?? each.active) === each.active,
      ),
      params,
    ),
  'POST /v1/billing/meters': createMeter,
  'GET /v1/billing/meters': listed('meter', 'status'),
  'GET /v1/billing/meters/:id/event_summaries': listSummaries,
  'POST /v1/billing/meter_events': createMeterEvent,
  'GET /v2/core/events/:id': (world, _params, id) => readThinEvent(world, id),
  'GET /v1/events': listEvents,
  'GET /v1/events/:id': read('event'),
  'POST /v1/test_helpers/test_clocks': createClock,
  'GET /v1/test_helpers/test_clocks/:id': read('test_clock'),
  'POST /v1/test_helpers/test_clocks/:id/advance': (world, params, id) => advanceClock(world, id, params),
};
