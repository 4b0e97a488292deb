import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { plans } from '../database/schema/plans.ts';
import { minorAsNumber } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { doSteps, type StepDone } from './do-steps.ts';
import { addKnownPrice } from './known-prices.ts';
import { type PlanStep, productIdOf } from './plan-steps.ts';
import type { SoldPrice } from './sold-prices.ts';

/** A price with the id that Stripe gave it. */
export interface LinkedPrice {
  price: SoldPrice;
  stripeId: string;
}

/** The metadata of a plan's product. */
export type ProductTexts = Pick<typeof plans.$inferSelect, 'name' | 'description'>;

/**
 * Runs the steps at Stripe, in their order, and returns the result of each. Each request has its own key, so that the next run completes
 * an interrupted one. Where a plan's product is refused, the whole plan is skipped; otherwise only the refused price.
 */
export function doPlanSteps(
  account: StripeAccount,
  steps: readonly PlanStep[],
  textsOf: (plan: string) => ProductTexts,
): Promise<StepDone[]> {
  return doSteps(steps, {
    subjectsOf,
    act: (step) => doStep(account, step, textsOf(step.plan)),
  });
}

/** What a step needs, and what fails with it: the plan where its product is created, else a part of it. */
function subjectsOf({ action, plan, price, stripeId = '' }: PlanStep): string[] {
  if (action === 'create product') return [plan];
  return [plan, price ? nameOfPrice(plan, price) : `${plan} ${action} ${stripeId}`];
}

/** The name of a price in messages. */
export const nameOfPrice = (plan: string, { every, currency }: { every: string; currency: string }): string =>
  `${plan} every ${every} in ${currency}`;

/** The prices whose ids must be stored, of the completed steps. */
export function linkedPrices(steps: readonly PlanStep[], done: readonly StepDone[]): LinkedPrice[] {
  return steps.flatMap(({ price }, at) => {
    const stripeId = done[at]?.stripeId;
    return price && 'lookupKey' in price && stripeId ? [{ price, stripeId }] : [];
  });
}

async function doStep(
  account: StripeAccount,
  step: PlanStep,
  { name, description }: ProductTexts,
): Promise<string> {
  const { plan, stripeId = '' } = step;
  switch (step.action) {
    case 'skip':
      throw step.refused!;
    case 'create product': {
      const product = {
        id: productIdOf(plan),
        name,
        metadata: { subctl_plan: plan },
        ...(description && { description }),
      };
      return (await account.ask((client) => client.products.create(product))).id;
    }
    case 'rename product':
    case 'describe product': {
      const product = { name, description: description ?? '', active: true };
      return (await account.ask((client) => client.products.update(stripeId, product))).id;
    }
    case 'create price':
      return createPrice(account, step.price as SoldPrice);
    case 'link price':
      return (await account.ask((client) => client.prices.update(stripeId, { active: true }))).id;
    case 'retire price':
      return (await account.ask((client) => client.prices.update(stripeId, { active: false }))).id;
  }
}

async function createPrice(account: StripeAccount, price: SoldPrice): Promise<string> {
  const { plan, version, every, currency, amountMinor, interval, intervalCount, lookupKey } = price;
  const made = await account.ask((client) =>
    client.prices.create({
      product: productIdOf(plan),
      currency: currency.toLowerCase(),
      unit_amount: minorAsNumber(amountMinor),
      recurring: { interval, interval_count: intervalCount },
      lookup_key: lookupKey,
      transfer_lookup_key: true,
      nickname: `${plan} v${version} ${every}`,
      metadata: { subctl_plan: plan, subctl_version: String(version), subctl_every: every },
    }),
  );
  return made.id;
}

/** Stores at which Stripe price a plan is sold. */
export async function writeLinkedPrices(
  tx: Db,
  change: Change,
  linked: readonly LinkedPrice[],
): Promise<void> {
  for (const { price, stripeId } of linked) {
    const { plan, version, every, currency, stripePriceId } = price;
    // subscriptions on the previous price still belong to the plan
    if (stripePriceId !== null && stripePriceId !== stripeId)
      await addKnownPrice(tx, change, { id: stripePriceId, plan, version, every, currency });
    await tx`
      update subctl.plan_prices set stripe_price_id = ${stripeId}
       where plan_id = ${plan} and version = ${version} and "interval" = ${every} and currency = ${currency}`;
    await audit(tx, change, [
      {
        customer: '',
        entity: 'plan price',
        key: `${plan} ${version} ${every} ${currency}`,
        before: { stripe_price_id: stripePriceId },
        after: { stripe_price_id: stripeId },
      },
    ]);
  }
}
