import type Stripe from 'stripe';
import { type Params, text } from './form.ts';
import { type World, invalid } from './world.ts';

/** What a way to pay does when it is charged. */
export interface Behaviour {
  kind: 'card' | 'us_bank_account';
  last4: string;
  /** of a refusal, every time */
  declines?: { code: string; decline: string };
  /** the bank wants the customer to be there */
  authenticates?: boolean;
  /** a charge that goes through is disputed or warned of afterwards */
  then?: 'dispute' | 'warning';
  /** a debit that takes days, and what it comes to */
  settles?: 'paid' | 'failed';
  expired?: boolean;
}

const card = (last4: string, more: Partial<Behaviour> = {}): Behaviour => ({ kind: 'card', last4, ...more });
const declined = (decline: string, code = 'card_declined') => ({ declines: { code, decline } });

/** Stripe's well-known test methods by their names, with the last digits of their numbers. */
export const testMethods: Readonly<Record<string, Behaviour>> = {
  pm_card_visa: card('4242'),
  pm_card_mastercard: card('4444'),
  pm_card_chargeCustomerFail: card('0341', declined('generic_decline')),
  pm_card_visa_chargeDeclined: card('0002', declined('generic_decline')),
  pm_card_visa_chargeDeclinedInsufficientFunds: card('9995', declined('insufficient_funds')),
  pm_card_visa_chargeDeclinedLostCard: card('9987', declined('lost_card')),
  pm_card_visa_chargeDeclinedStolenCard: card('9979', declined('stolen_card')),
  pm_card_chargeDeclinedExpiredCard: card('0069', {
    ...declined('expired_card', 'expired_card'),
    expired: true,
  }),
  pm_card_chargeDeclinedProcessingError: card('0119', declined('processing_error', 'processing_error')),
  pm_card_chargeDeclinedFraudulent: card('0019', declined('fraudulent')),
  pm_card_authenticationRequired: card('3184', { authenticates: true }),
  pm_card_createDispute: card('0259', { then: 'dispute' }),
  pm_card_createIssuerFraudRecord: card('5423', { then: 'warning' }),
  pm_usBankAccount: { kind: 'us_bank_account', last4: '6789', settles: 'paid' },
  pm_usBankAccount_insufficientFunds: { kind: 'us_bank_account', last4: '6671', settles: 'failed' },
};

/** How a saved method behaves: by its last digits. */
export function behaviourOf(method: Stripe.PaymentMethod): Behaviour {
  const last4 = method.card?.last4 ?? method.us_bank_account?.last4;
  const found = Object.values(testMethods).find((each) => each.last4 === last4);
  if (!found) throw new Error(`No test method ends in ${last4}`);
  return found;
}

export function createMethod(
  world: World,
  name: string,
  id = world.newId('payment_method'),
): Stripe.PaymentMethod {
  const behaviour = testMethods[name];
  if (!behaviour) throw invalid(`No such PaymentMethod: '${name}'`, 'payment_method', 'resource_missing');
  const method: Stripe.PaymentMethod = {
    id,
    object: 'payment_method',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    created: world.now,
    customer: null,
    customer_account: null,
    livemode: world.livemode,
    metadata: {},
    type: behaviour.kind,
    ...(behaviour.kind === 'card'
      ? { card: cardOf(world, behaviour) }
      : { us_bank_account: bankOf(behaviour) }),
  };
  return world.add('payment_method', method);
}

function cardOf(world: World, { last4, expired }: Behaviour): Stripe.PaymentMethod.Card {
  const year = new Date(world.now * 1000).getUTCFullYear();
  return {
    brand: last4 === '4444' ? 'mastercard' : 'visa',
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    display_brand: last4 === '4444' ? 'mastercard' : 'visa',
    exp_month: 8,
    exp_year: expired ? year - 1 : year + 3,
    fingerprint: `f${last4}`,
    funding: 'credit',
    generated_from: null,
    last4,
    networks: { available: ['visa'], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

function bankOf({ last4 }: Behaviour): Stripe.PaymentMethod.UsBankAccount {
  return {
    account_holder_type: 'individual',
    account_type: 'checking',
    bank_name: 'TEST BANK',
    financial_connections_account: null,
    fingerprint: `b${last4}`,
    last4,
    networks: { preferred: 'ach', supported: ['ach'] },
    routing_number: '110000000',
    status_details: null,
  };
}

/** Saves a method with a customer; a test method by its name becomes one of the customer's own. */
export function attachMethod(world: World, id: string, params: Params): Stripe.PaymentMethod {
  const customer = world.get('customer', text(params['customer']), 'customer');
  const method = testMethods[id] ? createMethod(world, id) : world.get('payment_method', id);
  if (method.customer && method.customer !== customer.id)
    throw invalid('The payment method you provided has already been attached to a customer.');
  method.customer = customer.id;
  world.emit('payment_method.attached', method, world.nowOf(customer.id));
  return method;
}

/** Once it is detached nobody owns it: only `previous_attributes` of the event names who did. */
export function detachMethod(world: World, id: string): Stripe.PaymentMethod {
  const method = world.get('payment_method', id);
  const owner = String(method.customer);
  const customer = world.find('customer', owner);
  if (customer?.invoice_settings.default_payment_method === id)
    customer.invoice_settings.default_payment_method = null;
  method.customer = null;
  world.emit('payment_method.detached', method, world.nowOf(owner), { customer: owner });
  return method;
}

/** The customer's default way to pay becomes this test method, as when a new card is entered in the portal. */
export function changeCard(world: World, customer: string, name: string): Stripe.PaymentMethod {
  const method = attachMethod(world, name, { customer });
  world.get('customer', customer).invoice_settings.default_payment_method = method.id;
  world.emit('customer.updated', world.get('customer', customer), world.nowOf(customer));
  return method;
}

/** A card from the time before payment methods: listed among them, and the customer's default source. */
export function saveLegacyCard(world: World, customer: string, name: string): Stripe.PaymentMethod {
  const method = createMethod(world, name, world.newId('payment_method').replace('pm', 'card'));
  method.customer = customer;
  world.get('customer', customer).default_source = method.id;
  return method;
}
