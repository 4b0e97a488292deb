import type Stripe from 'stripe';
import type { Gateway, PaymentMethod, Refund, RefundRequest } from './gateway.ts';
import { minorAsNumber, minorFromNumber } from './minor-units.ts';
import type { StripeAccount } from './stripe-account.ts';
import { stripeCharges } from './stripe-charges.ts';
import { ensureStripeCustomer } from './stripe-customers.ts';
import { expiryOf, readSavedMethods } from './stripe-methods.ts';
import { closePurchases } from './stripe-purchases.ts';
import { instantOf } from './stripe-values.ts';

/** The payment gateway for Stripe. `returnUrl` is the address to which customers return from their bank. */
export function stripeGateway(
  account: StripeAccount,
  { returnUrl }: { returnUrl?: string | undefined } = {},
): Gateway {
  return {
    provider: 'stripe',
    live: account.live,
    ensureCustomer: (customer, claim = () => Promise.resolve()) =>
      ensureStripeCustomer(account, customer, claim),
    closePurchases: (customer) => closePurchases(account, customer),
    ...stripeCharges(account, { returnUrl }),
    refund: (asked) => refund(account, asked),
    listRefunds: async (reference) => (await listRefunds(account, reference)).map(refundOf),
    listMethods: (customer) => listMethods(account, customer),
  };
}

async function refund(account: StripeAccount, asked: RefundRequest): Promise<Refund> {
  const { key, reference, amountMinor, metadata } = asked;
  const before = (await listRefunds(account, reference)).find(
    (each) => each.metadata?.['subctl_key'] === key,
  );
  if (before) return refundOf(before);
  const params = {
    payment_intent: reference,
    metadata: { ...metadata, subctl_key: key },
    ...(amountMinor !== undefined && { amount: minorAsNumber(amountMinor) }),
  };
  return refundOf(await account.ask((client) => client.refunds.create(params, { idempotencyKey: key })));
}

async function listRefunds(account: StripeAccount, reference: string): Promise<Stripe.Refund[]> {
  const refunds: Stripe.Refund[] = [];
  const list = (client: Stripe) => client.refunds.list({ payment_intent: reference, limit: 100 });
  for await (const each of account.pages(list)) refunds.push(each);
  return refunds.reverse();
}

const refundStatuses = new Map<string | null, Refund['status']>([
  ['succeeded', 'refunded'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);

function refundOf(refund: Stripe.Refund): Refund {
  return {
    reference: refund.id,
    key: refund.metadata?.['subctl_key'],
    amountMinor: minorFromNumber(refund.amount, `amount of ${refund.id}`),
    currency: refund.currency.toUpperCase(),
    createdAt: instantOf(refund.created),
    status: refundStatuses.get(refund.status) ?? 'pending',
  };
}

async function listMethods(account: StripeAccount, id: string): Promise<PaymentMethod[]> {
  const customer = await account.ask((client) => client.customers.retrieve(id));
  if (customer.deleted) return [];
  const { all, chosen } = await readSavedMethods(account, customer);
  const methods = all.map((each) => methodOf(each, chosen?.id));
  return [...methods.filter(({ isDefault }) => isDefault), ...methods.filter(({ isDefault }) => !isDefault)];
}

function methodOf(method: Stripe.PaymentMethod, chosen: string | undefined): PaymentMethod {
  const { card } = method;
  return {
    id: method.id,
    kind: method.type,
    brand: card?.brand ?? method.us_bank_account?.bank_name ?? undefined,
    last4: card?.last4 ?? method.us_bank_account?.last4 ?? method.sepa_debit?.last4 ?? undefined,
    expiresAt: expiryOf(method),
    isDefault: method.id === chosen,
  };
}
