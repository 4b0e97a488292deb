import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { minorFromNumber } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf } from '../payments/stripe-values.ts';
import { listSoldPrices, type SoldPrice, type UnsoldPrice } from './sold-prices.ts';

/** One step to make Stripe sell the plans. */
export interface PlanStep {
  action:
    | 'create product'
    | 'rename product'
    | 'describe product'
    | 'create price'
    | 'link price'
    | 'retire price'
    | 'skip';
  plan: string;
  /** of a price */
  price?: SoldPrice | UnsoldPrice;
  /** Stripe's id of an existing object */
  stripeId?: string;
  reason: string;
  /** why Stripe cannot have the price; the step does nothing */
  refused?: Failure;
}

export const productIdOf = (plan: string): string => `subctl_${plan}`;

/**
 * Compares the plans with Stripe's products and prices, which are found by their ids, lookup keys and metadata. A price never changes:
 * another amount is a new version of the plan and a new price, and the old one stays for its subscribers but is not sold any more. A price
 * that Stripe cannot have, or whose lookup key was given to something else, is a step of its own that stops no other.
 */
export async function listPlanSteps(db: Db, account: StripeAccount, plan?: string): Promise<PlanStep[]> {
  const { sold, unsold } = await listSoldPrices(db, plan);
  const steps: PlanStep[] = unsold.map((price) => skip(price.plan, price, price.refused));
  const products = await readProducts(account);
  for (const price of uniquePlans(sold))
    steps.push(...productSteps(price, products.get(productIdOf(price.plan))));
  const known = await readPrices(account, sold);
  for (const price of sold) steps.push(...priceSteps(price, known.get(price.lookupKey)));
  for (const [id, product] of products)
    if (sold.some((each) => productIdOf(each.plan) === id))
      steps.push(...(await retireSteps(account, product, sold)));
  return steps;
}

const uniquePlans = (sold: readonly SoldPrice[]): SoldPrice[] =>
  sold.filter((price, at) => sold.findIndex(({ plan }) => plan === price.plan) === at);

async function readProducts(account: StripeAccount): Promise<Map<string, Stripe.Product>> {
  const products = new Map<string, Stripe.Product>();
  for await (const product of account.pages((client) => client.products.list({ limit: 100 })))
    products.set(product.id, product);
  return products;
}

async function readPrices(
  account: StripeAccount,
  sold: readonly SoldPrice[],
): Promise<Map<string, Stripe.Price>> {
  const prices = new Map<string, Stripe.Price>();
  for (let from = 0; from < sold.length; from += 10) {
    const keys = sold.slice(from, from + 10).map(({ lookupKey }) => lookupKey);
    const list = account.pages((client) => client.prices.list({ lookup_keys: keys, limit: 100 }));
    for await (const price of list) prices.set(price.lookup_key!, price);
  }
  return prices;
}

function productSteps(
  { plan, name, description }: SoldPrice,
  product: Stripe.Product | undefined,
): PlanStep[] {
  if (!product) return [{ action: 'create product', plan, reason: `plan ${plan} has no product at Stripe` }];
  if (product.name !== name || !product.active) {
    const reason = product.active
      ? `its name is ${product.name} at Stripe and ${name} here`
      : 'it is archived at Stripe';
    return [{ action: 'rename product', plan, stripeId: product.id, reason }];
  }
  if ((product.description ?? '') === (description ?? '')) return [];
  return [
    { action: 'describe product', plan, stripeId: product.id, reason: 'its description at Stripe differs' },
  ];
}

function priceSteps(price: SoldPrice, found: Stripe.Price | undefined): PlanStep[] {
  const { plan, amount, currency, every } = price;
  const what = `${amount} ${currency} every ${every}`;
  if (!found) return [{ action: 'create price', plan, price, reason: `${what} has no price at Stripe` }];
  if (!isSame(price, found)) return replaceSteps(price, found, what);
  if (price.stripePriceId === found.id && found.active) return [];
  const reason = found.active ? `its id is not stored here` : 'it is archived at Stripe';
  return [{ action: 'link price', plan, price, stripeId: found.id, reason }];
}

function isSame(price: SoldPrice, found: Stripe.Price): boolean {
  return (
    found.unit_amount !== null &&
    minorFromNumber(found.unit_amount, `unit_amount of ${found.id}`) === price.amountMinor &&
    found.currency.toUpperCase() === price.currency &&
    found.recurring?.interval === price.interval &&
    found.recurring.interval_count === price.intervalCount &&
    idOf(found.product) === productIdOf(price.plan)
  );
}

/** A version without subscribers was edited: another price replaces its price at Stripe. A price that is not ours keeps its metadata. */
function replaceSteps(price: SoldPrice, found: Stripe.Price, what: string): PlanStep[] {
  const { plan, lookupKey } = price;
  if (found.metadata['subctl_plan'] === plan) {
    const reason = `version ${price.version} was edited since`;
    return [
      { action: 'create price', plan, price, reason },
      { action: 'retire price', plan, stripeId: found.id, reason },
    ];
  }
  const failure = new Failure(
    'refused',
    `Stripe price ${found.id} has the lookup key ${lookupKey} but is not ${what}`,
    {
      hint: 'the key was set by hand: remove it from that price in the Stripe Dashboard',
    },
  );
  return [{ ...skip(plan, price, failure), stripeId: found.id }];
}

const skip = (plan: string, price: SoldPrice | UnsoldPrice, refused: Failure): PlanStep => ({
  action: 'skip',
  plan,
  price,
  reason: refused.message,
  refused,
});

/** Prices of the plan's earlier versions are not sold any more. */
async function retireSteps(
  account: StripeAccount,
  product: Stripe.Product,
  sold: readonly SoldPrice[],
): Promise<PlanStep[]> {
  const steps: PlanStep[] = [];
  const keys = new Set(sold.map(({ lookupKey }) => lookupKey));
  const list = account.pages((client) =>
    client.prices.list({ product: product.id, active: true, limit: 100 }),
  );
  for await (const price of list) {
    const plan = price.metadata['subctl_plan'];
    if (plan === undefined || keys.has(price.lookup_key ?? '')) continue;
    steps.push({
      action: 'retire price',
      plan,
      stripeId: price.id,
      reason: `it belongs to version ${price.metadata['subctl_version']}, which is no longer sold`,
    });
  }
  return steps;
}
