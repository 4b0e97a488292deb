import Stripe from 'stripe';
import { declineOf, wantsAuthentication } from './declines.ts';
import type { Charge, ChargeOutcome, ChargeRequest, Gateway } from './gateway.ts';
import { minorAsNumber, minorFromNumber } from './minor-units.ts';
import type { StripeAccount } from './stripe-account.ts';
import { type ChosenMethod, readSavedMethods } from './stripe-methods.ts';
import { idOf, instantOf, secondsBefore } from './stripe-values.ts';

const expand = ['latest_charge'];

/** The account that charges, and the address to which a customer returns from the page of a bank. */
interface Merchant {
  account: StripeAccount;
  returnUrl: string | undefined;
}

/** Charges through payment intents: one intent per invoice, created and confirmed in one request under the attempt's key. */
export function stripeCharges(
  account: StripeAccount,
  { returnUrl }: { returnUrl: string | undefined },
): Pick<Gateway, 'charge' | 'findCharge' | 'getCharge' | 'cancelCharge'> {
  const merchant = { account, returnUrl };
  return {
    charge: (asked) => charge(merchant, asked),
    findCharge: (sought) => findCharge(account, sought),
    getCharge: async (reference) => chargeOf(await readIntent(account, reference)),
    cancelCharge: (reference) => cancelCharge(account, reference),
  };
}

const readIntent = (account: StripeAccount, id: string): Promise<Stripe.PaymentIntent> =>
  account.ask((client) => client.paymentIntents.retrieve(id, { expand }));

async function charge(merchant: Merchant, asked: ChargeRequest): Promise<Charge> {
  const { method, several } = await methodFor(merchant.account, asked);
  const known =
    asked.reference === undefined ? undefined : await readIntent(merchant.account, asked.reference);
  if (known && isOver(known)) return chargeOf(known);
  if (!method) {
    const untried = known ?? (await create(merchant, asked, undefined));
    return several ? { ...chargeOf(untried), outcome: noDefault(several) } : chargeOf(untried);
  }
  const tried = known
    ? await confirm(merchant, known.id, { method, offSession: true, key: `${asked.key}:confirm` })
    : await create(merchant, asked, method);
  return wantsAuthentication(tried.last_payment_error) ? withLink(merchant, tried, asked) : chargeOf(tried);
}

/** Without a payment method an intent is created all the same, so that a later attempt has it. */
function create(
  merchant: Merchant,
  asked: ChargeRequest,
  method: ChosenMethod | undefined,
): Promise<Stripe.PaymentIntent> {
  const { key, amountMinor, currency, customer, description, metadata } = asked;
  return orDeclined(merchant.account, (client) =>
    client.paymentIntents.create(
      {
        amount: minorAsNumber(amountMinor),
        currency: currency.toLowerCase(),
        customer,
        description,
        metadata: { ...metadata, subctl_key: key },
        expand,
        ...(method && { ...confirming(merchant, method), confirm: true, off_session: true }),
      },
      { idempotencyKey: key },
    ),
  );
}

function confirm(
  merchant: Merchant,
  id: string,
  { method, offSession, key }: { method: ChosenMethod; offSession: boolean; key: string },
): Promise<Stripe.PaymentIntent> {
  const params = { ...confirming(merchant, method), ...(offSession && { off_session: true }), expand };
  return orDeclined(merchant.account, (client) =>
    client.paymentIntents.confirm(id, params, { idempotencyKey: key }),
  );
}

/**
 * The parameters of every confirmation: the method, its own type as the only one that is allowed, and the return address. Without the type
 * Stripe accepts all methods that are enabled in the Dashboard, also those with redirects, and may then refuse a request without
 * `return_url`. Since API version 2026-09-30 the parameter is `allowed_payment_method_types`; `payment_method_types` is gone. Not yet
 * tried with a real test key: the request is valid whether Stripe requires the address off session or not.
 */
function confirming({ returnUrl }: Merchant, { id, type }: ChosenMethod) {
  const allowed = [type as Stripe.PaymentIntentCreateParams.AllowedPaymentMethodType];
  return {
    payment_method: id,
    allowed_payment_method_types: allowed,
    ...(returnUrl !== undefined && { return_url: returnUrl }),
  };
}

/** The bank requires the customer's confirmation: confirming the same method again, as if on session, returns the page to send. */
async function withLink(
  merchant: Merchant,
  intent: Stripe.PaymentIntent,
  { key }: ChargeRequest,
): Promise<Charge> {
  const method = intent.last_payment_error?.payment_method;
  if (merchant.returnUrl === undefined || !method) return chargeOf(intent);
  return chargeOf(await confirm(merchant, intent.id, { method, offSession: false, key: `${key}:link` }));
}

/** A decline is an error of Stripe with the intent in it: its outcome. */
function orDeclined(
  account: StripeAccount,
  work: (client: Stripe) => Promise<Stripe.PaymentIntent>,
): Promise<Stripe.PaymentIntent> {
  return account.ask(async (client) => {
    try {
      return await work(client);
    } catch (error) {
      if (error instanceof Stripe.errors.StripeCardError && error.payment_intent) return error.payment_intent;
      throw error;
    }
  });
}

/** Finds the charge of a key; undefined when there is none. */
async function findCharge(
  account: StripeAccount,
  { customer, key, since }: Parameters<Gateway['findCharge']>[0],
): Promise<Charge | undefined> {
  const created = { gte: secondsBefore(since) };
  const list = (client: Stripe) =>
    client.paymentIntents.list({ customer, created, limit: 100, expand: ['data.latest_charge'] });
  for await (const intent of account.pages(list))
    if (intent.metadata['subctl_key'] === key) return chargeOf(intent);
  return undefined;
}

/** Cancels a charge that is not complete and returns its state, since it may have succeeded meanwhile. */
async function cancelCharge(account: StripeAccount, reference: string): Promise<Charge> {
  const intent = await readIntent(account, reference);
  if (isOver(intent)) return chargeOf(intent);
  try {
    return chargeOf(await account.ask((client) => client.paymentIntents.cancel(reference)));
  } catch (error) {
    const now = await readIntent(account, reference);
    if (isOver(now)) return chargeOf(now);
    throw error;
  }
}

const isOver = ({ status }: Stripe.PaymentIntent): boolean =>
  /^(succeeded|processing|canceled)$/.test(status);

/** The requested method, else the customer's own; `several` is their number where several are saved and none is the default. */
async function methodFor(
  account: StripeAccount,
  { customer: id, method }: ChargeRequest,
): Promise<{ method: ChosenMethod | undefined; several?: number }> {
  if (method !== undefined)
    return { method: await account.ask((client) => client.paymentMethods.retrieve(method)) };
  const customer = await account.ask((client) => client.customers.retrieve(id));
  if (customer.deleted) return { method: undefined };
  const { chosen, all } = await readSavedMethods(account, customer);
  return chosen || all.length === 0 ? { method: chosen } : { method: undefined, several: all.length };
}

const noDefault = (saved: number): ChargeOutcome => ({
  status: 'declined',
  decline: 'hard',
  code: 'no_default_payment_method',
  message: `${saved} payment methods are saved, and none of them is the default`,
});

function chargeOf(intent: Stripe.PaymentIntent): Charge {
  const latest = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    reference: intent.id,
    key: intent.metadata['subctl_key'],
    customer: idOf(intent.customer),
    amountMinor: minorFromNumber(intent.amount, `amount of ${intent.id}`),
    receivedMinor: minorFromNumber(intent.amount_received, `amount_received of ${intent.id}`),
    refundedMinor: minorFromNumber(latest?.amount_refunded ?? 0, `amount_refunded of ${intent.id}`),
    currency: intent.currency.toUpperCase(),
    createdAt: instantOf(intent.created),
    metadata: intent.metadata,
    outcome: outcomeOf(intent),
  };
}

/** The intent's parameters that describe its invoice. */
export function outcomeOf(intent: Stripe.PaymentIntent): ChargeOutcome {
  if (intent.status === 'succeeded') return { status: 'paid' };
  if (intent.status === 'processing') return { status: 'processing' };
  if (intent.status === 'canceled') return { status: 'canceled' };
  if (intent.status === 'requires_action' || wantsAuthentication(intent.last_payment_error))
    return { status: 'requires_action', url: intent.next_action?.redirect_to_url?.url ?? undefined };
  return declineOf(intent.last_payment_error);
}
