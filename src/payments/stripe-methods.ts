import type Stripe from 'stripe';
import { Failure } from '../domain/failure.ts';
import type { StripeAccount } from './stripe-account.ts';
import { idOf } from './stripe-values.ts';

/** A saved payment method that Stripe would charge. */
export interface ChosenMethod {
  id: string;
  /** `card`, `sepa_debit`: the type that a charge must allow */
  type: string;
}

/** The methods of a customer, and the one that is charged; `chosen` is undefined where there is none, or several and no default. */
export interface SavedMethods {
  all: Stripe.PaymentMethod[];
  chosen: Stripe.PaymentMethod | undefined;
}

/**
 * Reads the saved payment methods of a customer. The one to charge is the first of: the default of a given subscription; the customer's
 * default method; its default source, from the time before payment methods; the only saved one. That is the order of Stripe's invoices
 * (`Subscription.default_payment_method` in the package).
 */
export async function readSavedMethods(
  account: StripeAccount,
  customer: Stripe.Customer,
  subscription?: Stripe.Subscription,
): Promise<SavedMethods> {
  const { id, invoice_settings: settings } = customer;
  const list = (client: Stripe) => client.customers.listPaymentMethods(id, { limit: 100 });
  const all: Stripe.PaymentMethod[] = [];
  for await (const each of account.pages(list)) all.push(each);
  const named =
    idOf(subscription?.default_payment_method) ??
    idOf(subscription?.default_source) ??
    idOf(settings.default_payment_method) ??
    idOf(customer.default_source);
  if (named === undefined) return { all, chosen: all.length === 1 ? all[0] : undefined };
  const held = all.find((each) => each.id === named);
  return { all, chosen: held ?? (await readMethod(account, named)) };
}

/** An old source that is not a payment method does not count. */
async function readMethod(account: StripeAccount, id: string): Promise<Stripe.PaymentMethod | undefined> {
  try {
    return await account.ask((client) => client.paymentMethods.retrieve(id));
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/** The first instant at which a card is expired: the start of the month after its last, UTC; undefined for methods that do not expire. */
export const expiryOf = ({ card }: Stripe.PaymentMethod): Date | undefined =>
  card ? new Date(Date.UTC(card.exp_year, card.exp_month)) : undefined;
