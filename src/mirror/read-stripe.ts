import type Stripe from 'stripe';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { readMethod, type SavedMethod } from './mirror-method.ts';
import { idOf } from '../payments/stripe-values.ts';

/** What Stripe has of one customer, read after the question was asked. */
export interface StripeSide {
  /** the oldest first */
  subscriptions: Stripe.Subscription[];
  /** the oldest first, with their payments */
  invoices: Stripe.Invoice[];
  /** by id, with their last charges */
  intents: Map<string, Stripe.PaymentIntent>;
  /** by the intent that they give back of */
  refunds: Map<string, Stripe.Refund[]>;
  /** the saved way to pay that is charged */
  method: SavedMethod | undefined;
}

export interface SideRequest {
  stripeCustomer: string;
  /** everything there ever was; else the newest of each and what is named */
  all: boolean;
  invoices?: readonly string[] | undefined;
  intents?: readonly string[] | undefined;
}

const newest = 20;

/** Reads what Stripe has of a customer now. */
export async function readAtStripe(account: StripeAccount, ask: SideRequest): Promise<StripeSide> {
  const customer = ask.stripeCustomer;
  const take = <T>(list: (client: Stripe) => AsyncIterable<T>) =>
    collect(account.pages(list), ask.all ? undefined : newest);
  const limit = ask.all ? 100 : newest;
  const [method, subscriptions, invoices, intents] = await Promise.all([
    readMethod(account, customer),
    collect(
      account.pages((client) =>
        client.subscriptions.list({ customer, status: 'all', limit: 100, expand: ['data.schedule'] }),
      ),
    ),
    take((client) => client.invoices.list({ customer, limit, expand: ['data.payments'] })),
    take((client) => client.paymentIntents.list({ customer, limit, expand: ['data.latest_charge'] })),
  ]);
  const byId = new Map(intents.map((intent) => [intent.id, intent]));
  await addInvoices(account, invoices, ask.invoices ?? []);
  const linked = invoices.flatMap((invoice) =>
    (invoice.payments?.data ?? []).map(({ payment }) => idOf(payment.payment_intent)),
  );
  await addIntents(account, byId, [...linked, ...(ask.intents ?? [])]);
  return {
    subscriptions: subscriptions.sort((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1)),
    invoices: (await Promise.all(invoices.map((invoice) => withLines(account, invoice)))).sort(
      (a, b) => a.created - b.created,
    ),
    intents: byId,
    refunds: await readRefunds(account, byId),
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

async function addInvoices(
  account: StripeAccount,
  invoices: Stripe.Invoice[],
  named: readonly string[],
): Promise<void> {
  const missing = new Set(named.filter((id) => !invoices.some((invoice) => invoice.id === id)));
  for (const id of missing)
    invoices.push(await account.ask((client) => client.invoices.retrieve(id, { expand: ['payments'] })));
}

async function addIntents(
  account: StripeAccount,
  intents: Map<string, Stripe.PaymentIntent>,
  named: readonly (string | undefined)[],
): Promise<void> {
  for (const id of named) {
    if (id === undefined || intents.has(id)) continue;
    const found = await account.ask((client) =>
      client.paymentIntents.retrieve(id, { expand: ['latest_charge'] }),
    );
    intents.set(id, found);
  }
}

/** An invoice comes with its first ten lines. */
async function withLines(account: StripeAccount, invoice: Stripe.Invoice): Promise<Stripe.Invoice> {
  if (!invoice.lines.has_more) return invoice;
  const data = await collect(
    account.pages((client) => client.invoices.listLineItems(invoice.id, { limit: 100 })),
  );
  return { ...invoice, lines: { ...invoice.lines, data, has_more: false } };
}

async function readRefunds(
  account: StripeAccount,
  intents: ReadonlyMap<string, Stripe.PaymentIntent>,
): Promise<Map<string, Stripe.Refund[]>> {
  const refunds = new Map<string, Stripe.Refund[]>();
  for (const { id, latest_charge: charge } of intents.values()) {
    if (charge === null || typeof charge === 'string' || charge.amount_refunded === 0) continue;
    const list = account.pages((client) => client.refunds.list({ payment_intent: id, limit: 100 }));
    refunds.set(id, (await collect(list)).reverse());
  }
  return refunds;
}
