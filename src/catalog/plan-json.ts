import { fallbackWord } from './describe-plan.ts';
import type { ShownPlan } from './show-plan.ts';

/** A plan as `--json` shows it: snake_case, amounts as strings; a null limit is unlimited. */
export function planJson({ plan, versions }: ShownPlan): Record<string, unknown> {
  return {
    plan: plan.id,
    name: plan.name,
    description: plan.description,
    rank: plan.rank,
    active: plan.active,
    default: plan.isDefault,
    fallback: fallbackWord(plan),
    current_version: plan.currentVersion,
    catalogue: plan.catalogue,
    credit_costs: Object.fromEntries(plan.creditCosts.map(({ kind, amount }) => [kind, amount])),
    subscribers: versions.reduce((sum, { subscribers }) => sum + subscribers, 0),
    versions: versions.map((version) => ({
      version: version.number,
      current: version.isCurrent,
      subscribers: version.subscribers,
      created_at: version.createdAt,
      prices: version.prices.map(({ interval, currency, amount, stripePriceId }) => ({
        interval,
        currency,
        amount,
        stripe_price_id: stripePriceId,
      })),
      limits: version.limits.map(
        ({ meter, window, scope, value, enforcement, overagePrice, overagePer }) => ({
          meter,
          window,
          scope,
          limit: value,
          enforcement,
          overage_price: overagePrice,
          overage_per: overagePer,
        }),
      ),
      credits: version.credits,
      credits_unlimited: version.creditsUnlimited,
      credits_every: version.creditsEvery,
      rollover_max: version.rolloverMax,
      features: version.features,
      allowed_models: version.allowedModels,
      max_users: version.maxUsers,
      per_seat: version.perSeat,
      trial_days: version.trialDays,
      grace_days: version.graceDays,
      net_days: version.netDays,
      auto_renew: version.autoRenew,
      usage_on_change: version.usageOnChange,
      proration_meter: version.prorationMeter,
      alert_thresholds: version.alertThresholds,
      estimate_tokens: { paid: version.estimatePaid, free: version.estimateFree },
      extra: version.extra,
    })),
  };
}
