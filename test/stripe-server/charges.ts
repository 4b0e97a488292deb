import type Stripe from 'stripe';
import { type Params, integer, text, texts } from './form.ts';
import { idOf, invalid, type World } from './world.ts';

interface ChargeFacts {
  at: number;
  failure?: string | undefined;
  then?: 'dispute' | 'warning' | undefined;
}

/** One try to take money; a refused one is kept too. */
export function createCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  { at, failure, then }: ChargeFacts,
): Stripe.Charge {
  const charge: Stripe.Charge = {
    id: world.newId('charge'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: failure ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'SUBCTL',
    captured: !failure,
    created: at,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure ?? null,
    failure_message: failure ? 'Your card was declined.' : null,
    fraud_details: {},
    livemode: world.livemode,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: null,
    paid: !failure,
    payment_intent: intent.id,
    payment_method: idOf(intent.payment_method),
    payment_method_details: null,
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: failure ? 'failed' : 'succeeded',
    transfer_data: null,
    transfer_group: null,
  };
  world.add('charge', charge);
  world.emit(failure ? 'charge.failed' : 'charge.succeeded', charge, at);
  if (then === 'dispute') createDispute(world, charge);
  if (then === 'warning') createWarning(world, charge);
  return charge;
}

export function createRefund(world: World, params: Params): Stripe.Refund {
  const charge = chargeOf(world, params);
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = integer(params['amount']) ?? left;
  if (left === 0)
    throw invalid(`Charge ${charge.id} has already been refunded.`, undefined, 'charge_already_refunded');
  if (amount > left || amount < 1)
    throw invalid(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
      'amount',
    );
  const at = world.nowOf(idOf(charge.customer));
  const refund: Stripe.Refund = {
    id: world.newId('refund'),
    object: 'refund',
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: at,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata: texts(params['metadata']),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
  world.add('refund', refund);
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  world.emit('refund.created', refund, at);
  world.emit('charge.refunded', charge, at);
  return refund;
}

/** The bank sends a refund back: the money is at the merchant again. */
export function failRefund(world: World, id: string): Stripe.Refund {
  const refund = world.get('refund', id);
  const charge = world.get('charge', idOf(refund.charge));
  Object.assign(refund, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
  world.emit('refund.failed', refund, world.nowOf(idOf(charge.customer)));
  return refund;
}

function chargeOf(world: World, params: Params): Stripe.Charge {
  const intent = text(params['payment_intent']);
  if (!intent) return world.get('charge', text(params['charge']), 'charge');
  const { status, latest_charge: charge } = world.get('payment_intent', intent, 'payment_intent');
  if (status !== 'succeeded')
    throw invalid(
      `This PaymentIntent (${intent}) does not have a successful charge to refund.`,
      'payment_intent',
    );
  return world.get('charge', idOf(charge));
}

export function createDispute(world: World, charge: Stripe.Charge): Stripe.Dispute {
  const at = world.nowOf(idOf(charge.customer));
  const dispute = {
    id: world.newId('dispute'),
    object: 'dispute',
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created: at,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: {} as Stripe.Dispute.Evidence,
    evidence_details: {} as Stripe.Dispute.EvidenceDetails,
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: world.livemode,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason: 'fraudulent',
    status: 'needs_response',
  } satisfies Stripe.Dispute;
  charge.disputed = true;
  world.add('dispute', dispute);
  world.emit('charge.dispute.created', dispute, at);
  return dispute;
}

export function closeDispute(world: World, id: string, status: 'won' | 'lost'): Stripe.Dispute {
  const dispute = world.get('dispute', id);
  dispute.status = status;
  world.emit('charge.dispute.closed', dispute, world.now);
  return dispute;
}

export function createWarning(world: World, charge: Stripe.Charge): Stripe.Radar.EarlyFraudWarning {
  const at = world.nowOf(idOf(charge.customer));
  const warning: Stripe.Radar.EarlyFraudWarning = {
    id: world.newId('early_fraud_warning'),
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: charge.id,
    created: at,
    fraud_type: 'made_with_stolen_card',
    livemode: world.livemode,
  };
  world.add('early_fraud_warning', warning);
  world.emit('radar.early_fraud_warning.created', warning, at);
  return warning;
}
