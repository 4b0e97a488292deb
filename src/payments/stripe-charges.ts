import Stripe from 'stripe';
import { declineOf, wantsAuthentication } from './declines.ts';
import type { Charge, ChargeOutcome, ChargeRequest, Gateway } from './gateway.ts';
import { minorAsNumber, minorFromNumber } from './minor-units.ts';
import type { StripeAccount } from './stripe-account.ts';
import { idOf, instantOf, secondsOf } from './stripe-values.ts';

const expand = ['latest_charge'];

/** Charging through payment intents: one intent per invoice, made and confirmed in one request under the attempt's key. */
export function stripeCharges(
  account: StripeAccount,
  { returnUrl }: { returnUrl: string | undefined },
): Pick<Gateway, 'charge' | 'findCharge' | 'getCharge' | 'cancelCharge'> {
  const read = (id: string) => account.ask((client) => client.paymentIntents.retrieve(id, { expand }));

  async function charge(asked: ChargeRequest): Promise<Charge> {
    const method = asked.method ?? (await defaultMethod(account, asked.customer));
    const known = asked.reference === undefined ? undefined : await read(asked.reference);
    if (known && isOver(known)) return chargeOf(known);
    const tried = known
      ? method === undefined
        ? known
        : await confirm(known.id, { method, key: `${asked.key}:confirm` })
      : await create(asked, method);
    return wantsAuthentication(tried.last_payment_error) ? withLink(tried, asked) : chargeOf(tried);
  }

  /** Without a way to pay there is an intent all the same, so that a later attempt has it. */
  function create(asked: ChargeRequest, method: string | undefined): Promise<Stripe.PaymentIntent> {
    const { key, amountMinor, currency, customer, description, metadata } = asked;
    return orDeclined((client) =>
      client.paymentIntents.create(
        {
          amount: minorAsNumber(amountMinor),
          currency: currency.toLowerCase(),
          customer,
          description,
          metadata: { ...metadata, subctl_key: key },
          expand,
          ...(method !== undefined && { payment_method: method, confirm: true, off_session: true }),
        },
        { idempotencyKey: key },
      ),
    );
  }

  function confirm(
    id: string,
    { method, key }: { method: string; key: string },
  ): Promise<Stripe.PaymentIntent> {
    const params = { payment_method: method, off_session: true, expand };
    return orDeclined((client) => client.paymentIntents.confirm(id, params, { idempotencyKey: key }));
  }

  /** The bank wants to see the customer: the same method again, as if the customer were there, gives the page to send. */
  async function withLink(intent: Stripe.PaymentIntent, { key }: ChargeRequest): Promise<Charge> {
    const method = intent.last_payment_error?.payment_method?.id;
    if (returnUrl === undefined || method === undefined) return chargeOf(intent);
    const params = { payment_method: method, return_url: returnUrl, expand };
    return chargeOf(
      await orDeclined((client) =>
        client.paymentIntents.confirm(intent.id, params, { idempotencyKey: `${key}:link` }),
      ),
    );
  }

  /** A decline is an error of Stripe's that carries the intent: its outcome. */
  function orDeclined(
    work: (client: Stripe) => Promise<Stripe.PaymentIntent>,
  ): Promise<Stripe.PaymentIntent> {
    return account.ask(async (client) => {
      try {
        return await work(client);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeCardError && error.payment_intent)
          return error.payment_intent;
        throw error;
      }
    });
  }

  return {
    charge,
    async findCharge({ customer, key, since }) {
      const created = { gte: secondsOf(since) };
      const list = (client: Stripe) =>
        client.paymentIntents.list({ customer, created, limit: 100, expand: ['data.latest_charge'] });
      for await (const intent of account.pages(list))
        if (intent.metadata['subctl_key'] === key) return chargeOf(intent);
      return undefined;
    },
    getCharge: async (reference) => chargeOf(await read(reference)),
    async cancelCharge(reference) {
      const intent = await read(reference);
      if (isOver(intent)) return chargeOf(intent);
      try {
        return chargeOf(await account.ask((client) => client.paymentIntents.cancel(reference)));
      } catch (error) {
        const now = await read(reference); // it went through meanwhile
        if (isOver(now)) return chargeOf(now);
        throw error;
      }
    },
  };
}

const isOver = ({ status }: Stripe.PaymentIntent): boolean =>
  /^(succeeded|processing|canceled)$/.test(status);

/** What the customer's invoices are paid with, else the one method that is there. PaymentIntents do not take it by themselves. */
async function defaultMethod(account: StripeAccount, id: string): Promise<string | undefined> {
  const customer = await account.ask((client) => client.customers.retrieve(id));
  if (customer.deleted) return undefined;
  const chosen = idOf(customer.invoice_settings.default_payment_method);
  if (chosen) return chosen;
  const saved = await account.ask((client) => client.customers.listPaymentMethods(id, { limit: 2 }));
  return saved.data.length === 1 ? saved.data[0]!.id : undefined;
}

function chargeOf(intent: Stripe.PaymentIntent): Charge {
  const latest = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    reference: intent.id,
    key: intent.metadata['subctl_key'],
    customer: idOf(intent.customer),
    amountMinor: minorFromNumber(intent.amount),
    receivedMinor: minorFromNumber(intent.amount_received),
    refundedMinor: minorFromNumber(latest?.amount_refunded ?? 0),
    currency: intent.currency.toUpperCase(),
    createdAt: instantOf(intent.created),
    metadata: intent.metadata,
    outcome: outcomeOf(intent),
  };
}

/** What an intent says of its invoice. */
export function outcomeOf(intent: Stripe.PaymentIntent): ChargeOutcome {
  if (intent.status === 'succeeded') return { status: 'paid' };
  if (intent.status === 'processing') return { status: 'processing' };
  if (intent.status === 'canceled') return { status: 'canceled' };
  if (intent.status === 'requires_action' || wantsAuthentication(intent.last_payment_error))
    return { status: 'requires_action', url: intent.next_action?.redirect_to_url?.url ?? undefined };
  return declineOf(intent.last_payment_error);
}
