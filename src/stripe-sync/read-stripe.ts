import type Stripe from 'stripe';
import { compareText } from '../domain/compare.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import { orNothing } from './event-payer.ts';
import type { KnownHere } from './known-here.ts';
import { findDispute, type FoundDispute, listDisputesOf } from './mirror-dispute.ts';
import { readMethod, type SavedMethod } from './mirror-method.ts';

/** What Stripe has of one customer, read after the request began. */
export interface StripeSide {
  /** the customer was deleted; its objects can still be read */
  isDeleted: boolean;
  /** oldest first */
  subscriptions: Stripe.Subscription[];
  /** oldest first, with their payments */
  invoices: Stripe.Invoice[];
  /** by id, with their last charges */
  intents: Map<string, Stripe.PaymentIntent>;
  /** by id, those of invoices without an intent */
  charges: Map<string, Stripe.Charge>;
  /** by their intent or charge, oldest first */
  refunds: Map<string, Stripe.Refund[]>;
  disputes: FoundDispute[];
  /** the saved payment method that is charged */
  method: SavedMethod | undefined;
}

export interface SideRequest {
  stripeCustomer: string;
  /** all objects ever; else the newest of each and the named ones */
  all: boolean;
  invoices?: readonly string[] | undefined;
  intents?: readonly string[] | undefined;
  /** objects that may have changed at Stripe without appearing in a list */
  known: KnownHere;
}

const newest = 20;

/** Reads what Stripe has of a customer now. Named objects that do not exist are left out. */
export async function readAtStripe(account: StripeAccount, ask: SideRequest): Promise<StripeSide> {
  const customer = ask.stripeCustomer;
  const owner = await readCustomer(account, customer);
  const isDeleted = owner?.deleted === true;
  const take = <T>(list: (client: Stripe) => AsyncIterable<T>) =>
    collect(account.pages(list), ask.all ? undefined : newest).catch((error: unknown) => {
      if (isDeleted) return orNothing(error) ?? [];
      throw error;
    });
  const limit = ask.all ? 100 : newest;
  const [subscriptions, invoices, intents] = await Promise.all([
    readSubscriptions(account, ask, isDeleted),
    take((client) => client.invoices.list({ customer, limit, expand: ['data.payments'] })),
    take((client) => client.paymentIntents.list({ customer, limit, expand: ['data.latest_charge'] })),
  ]);
  const byId = new Map(intents.map((intent) => [intent.id, intent]));
  await addInvoices(account, invoices, ask.invoices ?? []);
  const whole = await Promise.all(invoices.map((invoice) => completed(account, invoice)));
  const payments = whole.flatMap((invoice) => (invoice.payments?.data ?? []).map(({ payment }) => payment));
  await addIntents(account, byId, [
    ...payments.map(({ payment_intent: intent }) => idOf(intent)),
    ...(ask.intents ?? []),
  ]);
  const charges = await readCharges(
    account,
    payments.map(({ charge }) => idOf(charge)),
  );
  const taken = takenBy(byId, charges);
  subscriptions.sort((a, b) => a.created - b.created || compareText(a.id, b.id));
  const method = owner && !owner.deleted ? await readMethod(account, owner, subscriptions) : undefined;
  return {
    isDeleted,
    subscriptions,
    invoices: whole.sort((a, b) => a.created - b.created),
    intents: byId,
    charges,
    refunds: await readRefunds(account, taken, ask.known),
    disputes: await readDisputes(account, taken, ask.known),
    method,
  };
}

async function collect<T>(all: AsyncIterable<T>, most = Infinity): Promise<T[]> {
  const found: T[] = [];
  for await (const each of all) {
    if (found.length >= most) break;
    found.push(each);
  }
  return found;
}

/** Reads the customer with its default method. A deleted one has no fields, so nothing of it can be expanded. */
async function readCustomer(
  account: StripeAccount,
  id: string,
): Promise<Stripe.Customer | Stripe.DeletedCustomer | undefined> {
  const expand = ['invoice_settings.default_payment_method'];
  try {
    return await account.ask((client) => client.customers.retrieve(id, { expand }));
  } catch (error) {
    const bare = await account.ask((client) => client.customers.retrieve(id)).catch(orNothing);
    if (!bare || bare.deleted) return bare;
    throw error;
  }
}

async function readSubscriptions(
  account: StripeAccount,
  { stripeCustomer: customer, known }: SideRequest,
  isDeleted: boolean,
): Promise<Stripe.Subscription[]> {
  const expand = ['schedule'];
  const listed = collect(
    account.pages((client) =>
      client.subscriptions.list({ customer, status: 'all', limit: 100, expand: ['data.schedule'] }),
    ),
  );
  if (!isDeleted) return listed;
  const found = (await listed.catch(orNothing)) ?? [];
  for (const id of known.subscriptions) {
    if (found.some((each) => each.id === id)) continue;
    const one = await account.ask((client) => client.subscriptions.retrieve(id, { expand })).catch(orNothing);
    if (one) found.push(one);
  }
  return found;
}

async function addInvoices(
  account: StripeAccount,
  invoices: Stripe.Invoice[],
  named: readonly string[],
): Promise<void> {
  const missing = new Set(named.filter((id) => !invoices.some((invoice) => invoice.id === id)));
  for (const id of missing) {
    const expand = ['payments'];
    const found = await account.ask((client) => client.invoices.retrieve(id, { expand })).catch(orNothing);
    if (found) invoices.push(found);
  }
}

async function addIntents(
  account: StripeAccount,
  intents: Map<string, Stripe.PaymentIntent>,
  named: readonly (string | undefined)[],
): Promise<void> {
  for (const id of named) {
    if (id === undefined || intents.has(id)) continue;
    const expand = ['latest_charge'];
    const found = await account
      .ask((client) => client.paymentIntents.retrieve(id, { expand }))
      .catch(orNothing);
    if (found) intents.set(id, found);
  }
}

async function readCharges(
  account: StripeAccount,
  named: readonly (string | undefined)[],
): Promise<Map<string, Stripe.Charge>> {
  const charges = new Map<string, Stripe.Charge>();
  for (const id of new Set(named)) {
    const found = id && (await account.ask((client) => client.charges.retrieve(id)).catch(orNothing));
    if (found) charges.set(found.id, found);
  }
  return charges;
}

/** An invoice comes with its first ten lines and its first payments. */
async function completed(account: StripeAccount, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  const { id } = invoice;
  if (invoice.lines.has_more) {
    const data = await collect(account.pages((client) => client.invoices.listLineItems(id, { limit: 100 })));
    invoice = { ...invoice, lines: { ...invoice.lines, data, has_more: false } };
  }
  if (invoice.payments?.has_more) {
    const params = { invoice: id, limit: 100 };
    const data = await collect(account.pages((client) => client.invoicePayments.list(params)));
    invoice = { ...invoice, payments: { ...invoice.payments, data, has_more: false } };
  }
  return invoice;
}

/** The charges that may have been refunded or disputed, by the id of their payment. */
function takenBy(
  intents: ReadonlyMap<string, Stripe.PaymentIntent>,
  charges: ReadonlyMap<string, Stripe.Charge>,
): Map<string, Stripe.Charge> {
  const taken = new Map(charges);
  for (const { id, latest_charge: charge } of intents.values())
    if (charge !== null && typeof charge === 'object') taken.set(id, charge);
  return taken;
}

/** A failed refund is not included in a charge's refunded amount: one that is known here is read again. */
async function readRefunds(
  account: StripeAccount,
  taken: ReadonlyMap<string, Stripe.Charge>,
  known: KnownHere,
): Promise<Map<string, Stripe.Refund[]>> {
  const refunds = new Map<string, Stripe.Refund[]>();
  for (const [id, charge] of taken) {
    if (charge.amount_refunded === 0 && !known.refunded.includes(id)) continue;
    const of = id === charge.id ? { charge: id } : { payment_intent: id };
    const list = account.pages((client) => client.refunds.list({ ...of, limit: 100 }));
    refunds.set(id, (await collect(list)).reverse());
  }
  return refunds;
}

async function readDisputes(
  account: StripeAccount,
  taken: ReadonlyMap<string, Stripe.Charge>,
  known: KnownHere,
): Promise<FoundDispute[]> {
  const disputes: FoundDispute[] = [];
  for (const [id, charge] of taken)
    if (charge.disputed || known.disputed.includes(id))
      disputes.push(...(await listDisputesOf(account, charge)));
  for (const id of known.warnings) {
    const warning = await findDispute(account, { kind: 'warning', id }).catch(orNothing);
    if (warning) disputes.push(warning);
  }
  return disputes;
}
