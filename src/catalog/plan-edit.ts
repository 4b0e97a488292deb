import type { Feature, Limit, Plan, PlanVersion, Price } from './catalogue.ts';
import { moneyWord } from './describe-plan.ts';
import { withFeatures } from './features.ts';
import { countMonthly } from './periods.ts';
import { sameSlot } from './read-limits.ts';

/** An edit of a plan; absent fields stay, null removes a value. */
export interface PlanEdit {
  name?: string | undefined;
  description?: string | null | undefined;
  rank?: number | null | undefined;
  default?: boolean | undefined;
  fallback?: Pick<Plan, 'fallback' | 'fallbackPlanId'> | undefined;
  prices?: Price[] | undefined;
  /** intervals whose prices are removed, in every currency */
  unsetPrices?: string[] | undefined;
  limits?: Limit[] | undefined;
  /** limits to remove; without a window all limits on the meter */
  unsetLimits?:
    { meter: string; window?: string | undefined; scope?: Limit['scope'] | undefined }[] | undefined;
  features?: Feature[] | undefined;
  unsetFeatures?: string[] | undefined;
  /** new terms of the version */
  terms?: Partial<Omit<PlanVersion, 'prices' | 'limits' | 'features'>> | undefined;
}

/** Lists what an edit removes although the plan does not have it: `limit messages/day`. */
export function missingFrom(plan: Plan, edit: PlanEdit): string[] {
  const { prices, limits, features } = plan.version;
  return [
    ...(edit.unsetPrices ?? [])
      .filter((interval) => !prices.some((price) => price.interval === interval))
      .map((each) => `price ${each}`),
    ...(edit.unsetLimits ?? [])
      .filter((unset) => !limits.some((limit) => fits(limit, unset)))
      .map(({ meter, window }) => `limit ${meter}${window ? `/${window}` : ''}`),
    ...(edit.unsetFeatures ?? [])
      .filter((feature) => !features.some(({ name }) => name === feature))
      .map((each) => `feature ${each}`),
  ];
}

/** Applies an edit to a plan. Removals come first, so that a window can be replaced in one edit. */
export function applyEdit(plan: Plan, edit: PlanEdit): Plan {
  const { version } = plan;
  const prices = (edit.prices ?? []).map((price) => withStripeId(price, version.prices));
  const kept = version.prices.filter(
    (price) => !edit.unsetPrices?.includes(price.interval) && !prices.some((each) => samePrice(each, price)),
  );
  const limits = version.limits.filter(
    (limit) =>
      !edit.unsetLimits?.some((unset) => fits(limit, unset)) &&
      !edit.limits?.some((each) => sameSlot(each, limit)),
  );
  const features = version.features.filter(({ name }) => !edit.unsetFeatures?.includes(name));
  return {
    ...plan,
    name: edit.name ?? plan.name,
    description: edit.description === undefined ? plan.description : edit.description,
    rank: edit.rank === undefined ? plan.rank : edit.rank,
    isDefault: edit.default ?? plan.isDefault,
    ...edit.fallback,
    version: countMonthly({
      ...version,
      ...edit.terms,
      prices: [...kept, ...prices],
      limits: [...limits, ...(edit.limits ?? [])],
      features: withFeatures(features, edit.features ?? []),
    }),
  };
}

function fits(
  limit: Limit,
  { meter, window, scope }: { meter: string; window?: string | undefined; scope?: string | undefined },
): boolean {
  return (
    limit.meter === meter &&
    (window === undefined || limit.window === window) &&
    (scope === undefined || limit.scope === scope)
  );
}

function samePrice(one: Price, other: Price): boolean {
  return one.interval === other.interval && one.currency === other.currency;
}

/** A Stripe price has a fixed amount: a changed amount loses it. */
function withStripeId(price: Price, present: readonly Price[]): Price {
  const same = present.find((each) => samePrice(each, price));
  return price.stripePriceId === null && same && moneyWord(same.amount) === moneyWord(price.amount)
    ? { ...price, stripePriceId: same.stripePriceId }
    : price;
}
