import type Stripe from 'stripe';
import { createCharge } from './charges.ts';
import { mergeMetadata } from './customers.ts';
import { type Params, flag, integer, text, texts } from './form.ts';
import { applyTypes, checkConfirming, checkTypes } from './intent-types.ts';
import { behaviourOf, createMethod, testMethods } from './methods.ts';
import { ApiError, idOf, invalid, type World } from './world.ts';

/** How long a bank debit is on its way. */
const settleSeconds = 3 * 86_400;

/** What Stripe charges at least, in the smallest unit. */
const leastOf: Readonly<Record<string, number>> = { usd: 50, eur: 50, gbp: 30, jpy: 50, mxn: 1000 };

export function createIntent(world: World, params: Params): Stripe.PaymentIntent {
  const amount = integer(params['amount']);
  const currency = (text(params['currency']) ?? '').toLowerCase();
  if (amount === undefined || !Number.isInteger(amount) || amount < 1)
    throw invalid('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}`, 'currency');
  const least = leastOf[currency];
  if (least !== undefined && amount < least)
    throw invalid(
      `Amount must be at least ${least} of the smallest unit of ${currency}.`,
      'amount',
      'amount_too_small',
    );
  const customer = text(params['customer']) ?? null;
  if (customer) world.get('customer', customer, 'customer');
  const named = text(params['payment_method']);
  const method = named && testMethods[named] ? createMethod(world, named).id : named;
  checkConfirming(params);
  const intent = newIntent(world, { amount, currency, customer, method: method ?? null });
  applyTypes(intent, params);
  intent.description = text(params['description']) ?? null;
  intent.metadata = texts(params['metadata']);
  world.emit('payment_intent.created', intent, intent.created);
  return flag(params['confirm']) ? confirm(world, intent, params) : intent;
}

export function newIntent(
  world: World,
  {
    amount,
    currency,
    customer,
    method,
  }: { amount: number; currency: string; customer: string | null; method: string | null },
): Stripe.PaymentIntent {
  const id = world.newId('payment_intent');
  return world.add('payment_intent', {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic',
    client_secret: `${id}_secret_T`,
    confirmation_method: 'automatic',
    created: world.nowOf(customer),
    currency,
    customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: world.livemode,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: method,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account', 'sepa_debit', 'ideal'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: method ? 'requires_confirmation' : 'requires_payment_method',
    transfer_group: null,
  });
}

/** Confirms through the interface: a refusal is an error 402 that carries the intent. */
export function confirm(world: World, intent: Stripe.PaymentIntent, params: Params): Stripe.PaymentIntent {
  if (['succeeded', 'canceled', 'processing'].includes(intent.status))
    throw new ApiError(400, {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message: `This PaymentIntent's status is ${intent.status}.`,
      payment_intent: intent,
    });
  const named = text(params['payment_method']);
  if (named) intent.payment_method = testMethods[named] ? createMethod(world, named).id : named;
  if (!intent.payment_method)
    throw invalid(
      'You cannot confirm this PaymentIntent because it’s missing a payment method.',
      'payment_method',
    );
  const method = world.get('payment_method', idOf(intent.payment_method), 'payment_method');
  if (intent.customer && method.customer && idOf(method.customer) !== idOf(intent.customer))
    throw invalid(`The PaymentMethod ${method.id} does not belong to the Customer.`, 'payment_method');
  applyTypes(intent, params);
  checkTypes(intent, method.type, text(params['return_url']));
  pay(world, intent, {
    offSession: flag(params['off_session']) ?? false,
    returnUrl: text(params['return_url']) ?? null,
  });
  const failed = intent.last_payment_error;
  if (intent.status === 'requires_payment_method' && failed)
    throw new ApiError(402, {
      type: 'card_error',
      code: failed.code ?? 'card_declined',
      ...(failed.decline_code && { decline_code: failed.decline_code }),
      message: failed.message ?? '',
      payment_intent: intent,
    });
  return intent;
}

/** Charges an intent's method once; what came of it is the intent's status. */
export function pay(
  world: World,
  intent: Stripe.PaymentIntent,
  { offSession, returnUrl }: { offSession: boolean; returnUrl: string | null },
): void {
  const method = world.get('payment_method', idOf(intent.payment_method), 'payment_method');
  const { declines, authenticates, settles, then } = behaviourOf(method);
  const at = world.nowOf(idOf(intent.customer));
  intent.last_payment_error = null;
  if (declines) return refuse(world, intent, declines.code, declines.decline);
  if (authenticates && offSession)
    return refuse(world, intent, 'authentication_required', 'authentication_required');
  if (authenticates) {
    intent.status = 'requires_action';
    intent.next_action = {
      type: 'redirect_to_url',
      redirect_to_url: { return_url: returnUrl, url: `https://hooks.stripe.test/3ds/${intent.id}` },
    };
    world.emit('payment_intent.requires_action', intent, at);
    return;
  }
  if (settles) {
    intent.status = 'processing';
    intent.processing = { type: 'us_bank_account' } as unknown as Stripe.PaymentIntent.Processing;
    settling.set(intent, at + settleSeconds);
    world.emit('payment_intent.processing', intent, at);
    return;
  }
  succeed(world, intent, at, then);
}

/** When a debit that is on its way comes in, or does not. */
export const settling = new WeakMap<Stripe.PaymentIntent, number>();

export function settle(world: World, intent: Stripe.PaymentIntent, at: number): void {
  const method = world.get('payment_method', idOf(intent.payment_method));
  intent.processing = null;
  settling.delete(intent);
  if (behaviourOf(method).settles === 'paid') succeed(world, intent, at);
  else refuse(world, intent, 'payment_method_provider_decline', 'insufficient_funds');
}

/** The customer has shown the bank who it is, or could not. */
export function authenticate(world: World, id: string, passed = true): Stripe.PaymentIntent {
  const intent = world.get('payment_intent', id);
  intent.next_action = null;
  if (passed) succeed(world, intent, world.nowOf(idOf(intent.customer)));
  else refuse(world, intent, 'payment_intent_authentication_failure', 'authentication_required');
  return intent;
}

function succeed(world: World, intent: Stripe.PaymentIntent, at: number, then?: 'dispute' | 'warning'): void {
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  intent.latest_charge = createCharge(world, intent, { at, then }).id;
  world.emit('payment_intent.succeeded', intent, at);
}

function refuse(world: World, intent: Stripe.PaymentIntent, code: string, decline: string): void {
  const at = world.nowOf(idOf(intent.customer));
  intent.status = 'requires_payment_method';
  intent.latest_charge = createCharge(world, intent, { at, failure: code }).id;
  intent.last_payment_error = {
    type: 'card_error',
    code: code as 'card_declined',
    decline_code: decline,
    message:
      code === 'authentication_required'
        ? 'Your card was declined. This transaction requires authentication.'
        : 'Your card was declined.',
    payment_method: world.get('payment_method', idOf(intent.payment_method)),
    charge: intent.latest_charge,
  };
  intent.payment_method = null;
  world.emit('payment_intent.payment_failed', intent, at);
}

export function cancelIntent(world: World, id: string, params: Params): Stripe.PaymentIntent {
  const intent = world.get('payment_intent', id);
  if (['succeeded', 'canceled', 'processing'].includes(intent.status))
    throw new ApiError(400, {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message: `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      payment_intent: intent,
    });
  const at = world.nowOf(idOf(intent.customer));
  Object.assign(intent, {
    status: 'canceled',
    canceled_at: at,
    cancellation_reason: text(params['cancellation_reason']) ?? null,
  });
  world.emit('payment_intent.canceled', intent, at);
  return intent;
}

export function updateIntent(world: World, id: string, params: Params): Stripe.PaymentIntent {
  const intent = world.get('payment_intent', id);
  intent.metadata = mergeMetadata(intent.metadata, params['metadata']);
  return intent;
}
