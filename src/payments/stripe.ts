import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import type { Gateway, PayingCustomer, PaymentMethod, Refund, RefundRequest } from './gateway.ts';
import { minorAsNumber, minorFromNumber } from './minor-units.ts';
import type { StripeAccount } from './stripe-account.ts';
import { stripeCharges } from './stripe-charges.ts';
import { idOf, instantOf } from './stripe-values.ts';

/** The payment gateway that is Stripe. `returnUrl` is where customers come back to from their bank. */
export function stripeGateway(
  account: StripeAccount,
  { returnUrl }: { returnUrl?: string | undefined } = {},
): Gateway {
  return {
    provider: 'stripe',
    live: account.live,
    ensureCustomer: (customer) => ensureCustomer(account, customer),
    ...stripeCharges(account, { returnUrl }),
    refund: (asked) => refund(account, asked),
    listRefunds: async (reference) => (await listRefunds(account, reference)).map(refundOf),
    listMethods: (customer) => listMethods(account, customer),
  };
}

/** One that was deleted at Stripe is made again. */
async function ensureCustomer(account: StripeAccount, customer: PayingCustomer): Promise<string> {
  const { id, email, name, providerId } = customer;
  const found = await findCustomer(account, id, providerId);
  if (!found) {
    const params = { metadata: { subctl_customer: id }, ...(email && { email }), ...(name && { name }) };
    // made twice at once, it is made once; with another address it is another request
    const idempotencyKey = `subctl:customer:${hashOf(id, providerId, email, name)}`;
    return (await account.ask((client) => client.customers.create(params, { idempotencyKey }))).id;
  }
  const changed = {
    ...(email && email !== found.email && { email }),
    ...(name && name !== found.name && { name }),
    ...(found.metadata['subctl_customer'] !== id && { metadata: { subctl_customer: id } }),
  };
  if (Object.keys(changed).length > 0)
    await account.ask((client) => client.customers.update(found.id, changed));
  return found.id;
}

async function findCustomer(
  account: StripeAccount,
  id: string,
  providerId: string | undefined,
): Promise<Stripe.Customer | undefined> {
  if (providerId !== undefined) {
    const known = await account.ask((client) => client.customers.retrieve(providerId));
    return known.deleted ? undefined : known;
  }
  const query = `metadata['subctl_customer']:'${id.replace(/[\\']/g, '\\$&')}'`;
  const found = await account.ask((client) => client.customers.search({ query, limit: 1 }));
  return found.data[0];
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

function refundOf(refund: Stripe.Refund): Refund {
  const failed = refund.status === 'failed' || refund.status === 'canceled';
  return {
    reference: refund.id,
    key: refund.metadata?.['subctl_key'],
    amountMinor: minorFromNumber(refund.amount),
    currency: refund.currency.toUpperCase(),
    createdAt: instantOf(refund.created),
    status: failed ? 'failed' : refund.status === 'succeeded' ? 'refunded' : 'pending',
  };
}

async function listMethods(account: StripeAccount, id: string): Promise<PaymentMethod[]> {
  const customer = await account.ask((client) => client.customers.retrieve(id));
  if (customer.deleted) return [];
  const chosen = idOf(customer.invoice_settings.default_payment_method);
  const methods: PaymentMethod[] = [];
  for await (const method of account.pages((client) =>
    client.customers.listPaymentMethods(id, { limit: 100 }),
  ))
    methods.push(methodOf(method, chosen));
  return [...methods.filter(({ isDefault }) => isDefault), ...methods.filter(({ isDefault }) => !isDefault)];
}

function methodOf(method: Stripe.PaymentMethod, chosen: string | undefined): PaymentMethod {
  const { card } = method;
  return {
    id: method.id,
    kind: method.type,
    brand: card?.brand ?? method.us_bank_account?.bank_name ?? undefined,
    last4: card?.last4 ?? method.us_bank_account?.last4 ?? method.sepa_debit?.last4 ?? undefined,
    expiresAt: card ? new Date(Date.UTC(card.exp_year, card.exp_month)) : undefined,
    isDefault: method.id === chosen,
  };
}

const hashOf = (...parts: (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
