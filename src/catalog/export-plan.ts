import { type Limit, type Plan, type PlanVersion, type Price, emptyVersion } from './catalogue.ts';
import { fallbackWord } from './describe-plan.ts';
import { exportFeatures } from './features.ts';

/** A plan as an entry of `plans:`. Default values are left out. */
export function exportPlan({ version, ...plan }: Plan): Record<string, unknown> {
  const usual = emptyVersion();
  const { sku, kind, ...extra } = version.extra;
  return {
    name: plan.name,
    description: some(plan.description),
    rank: some(plan.rank),
    active: unless(plan.active, true),
    fallback: unless(fallbackWord(plan), 'default'),
    sku,
    kind,
    prices: some(exportPrices(version.prices)),
    limits: some(exportLimits(version.limits)),
    credits: exportCredits(version),
    rollover_max: some(version.rolloverMax),
    credit_costs: some(Object.fromEntries(plan.creditCosts.map(({ kind, amount }) => [kind, amount]))),
    features: some(exportFeatures(version.features)),
    allowed_models: version.allowedModels ?? undefined,
    max_users: some(version.maxUsers),
    per_seat: unless(version.perSeat, usual.perSeat),
    trial_days: unless(version.trialDays, usual.trialDays),
    grace_days: unless(version.graceDays, usual.graceDays),
    net_days: unless(version.netDays, usual.netDays),
    auto_renew: unless(version.autoRenew, usual.autoRenew),
    usage_on_change: unless(version.usageOnChange, usual.usageOnChange),
    proration_meter: some(version.prorationMeter),
    alert_thresholds: unless(version.alertThresholds, usual.alertThresholds),
    estimate_tokens: some(exportEstimates(version)),
    extra: some(extra),
  };
}

/** The value, or undefined when it is empty: null, an empty list or mapping. */
export function some<T>(value: T): T | undefined {
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return undefined;
  return value;
}

/** The value, or undefined when it is the default. */
export function unless<T>(value: T, usual: T): T | undefined {
  return JSON.stringify(value) === JSON.stringify(usual) ? undefined : value;
}

function exportPrices(prices: readonly Price[]): Record<string, unknown> {
  const entries: Record<string, Record<string, unknown>[]> = {};
  for (const { interval, currency, amount, stripePriceId } of prices)
    (entries[interval] ??= []).push({
      amount,
      currency: unless(currency, 'USD'),
      stripe_price_id: some(stripePriceId),
    });
  return mapValues(entries, (each) => short(each, 'amount'));
}

function exportLimits(limits: readonly Limit[]): Record<string, unknown> {
  const entries: Record<string, Record<string, Record<string, unknown>[]>> = {};
  for (const { meter, window, scope, value, enforcement, overagePrice, overagePer } of limits)
    ((entries[meter] ??= {})[window] ??= []).push({
      limit: value,
      scope: unless(scope, 'customer'),
      enforcement: unless(enforcement, 'hard'),
      overage_price: some(overagePrice),
      overage_per: some(overagePer),
    });
  return mapValues(entries, (windows) => mapValues(windows, (each) => short(each, 'limit')));
}

/** A single entry with only `key` becomes its value; several become a list. */
function short(entries: Record<string, unknown>[], key: string): unknown {
  const [first, ...others] = entries;
  if (!first || others.length > 0) return entries;
  return Object.keys(first).every((each) => each === key || first[each] === undefined) ? first[key] : first;
}

function exportCredits({
  credits,
  creditsUnlimited,
  creditsEvery,
}: PlanVersion): Record<string, unknown> | undefined {
  if (credits === null && !creditsUnlimited) return undefined;
  return { [creditsEvery === null ? 'period' : `every_${creditsEvery}`]: credits };
}

function exportEstimates({ estimatePaid, estimateFree }: PlanVersion): Record<string, string> {
  return {
    ...(estimatePaid !== null && { paid: estimatePaid }),
    ...(estimateFree !== null && { free: estimateFree }),
  };
}

function mapValues<T, U>(map: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
