import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import type { PlanVersion } from './catalogue.ts';

export interface VersionKey {
  plan: string;
  number: number;
}

/** Writes a version with its prices and limits, new or in place of what it held. It is the caller's to know that nobody depends on it. */
export async function saveVersion(
  tx: Db,
  change: Change,
  { plan, number, version }: VersionKey & { version: PlanVersion },
): Promise<void> {
  await tx`
    insert into subctl.plan_versions (plan_id, version, trial_days, grace_days, net_days, auto_renew, credits, credits_unlimited,
      credits_every, rollover_max, features, allowed_models, max_users, usage_on_change, proration_meter, alert_thresholds, extra,
      created_at, change_id)
    values (${plan}, ${number}, ${version.trialDays}, ${version.graceDays}, ${version.netDays}, ${version.autoRenew}, ${version.credits},
      ${version.creditsUnlimited}, ${version.creditsEvery}, ${version.rolloverMax}, ${version.features}::text[],
      ${version.allowedModels}::text[], ${version.maxUsers}, ${version.usageOnChange}, ${version.prorationMeter},
      ${version.alertThresholds}::numeric[], ${tx.json(version.extra as never)}, ${change.at}, ${change.id})
    on conflict (plan_id, version) do update set
      trial_days = excluded.trial_days, grace_days = excluded.grace_days, net_days = excluded.net_days, auto_renew = excluded.auto_renew,
      credits = excluded.credits, credits_unlimited = excluded.credits_unlimited, credits_every = excluded.credits_every,
      rollover_max = excluded.rollover_max, features = excluded.features, allowed_models = excluded.allowed_models,
      max_users = excluded.max_users, usage_on_change = excluded.usage_on_change, proration_meter = excluded.proration_meter,
      alert_thresholds = excluded.alert_thresholds, extra = excluded.extra, change_id = excluded.change_id`;
  await tx`delete from subctl.plan_prices where plan_id = ${plan} and version = ${number}`;
  await tx`
    insert into subctl.plan_prices (plan_id, version, "interval", currency, amount, stripe_price_id)
    select ${plan}, ${number}, p.* from jsonb_to_recordset(${tx.json(version.prices as never)})
      as p ("interval" text, currency text, amount numeric, "stripePriceId" text)`;
  await tx`delete from subctl.plan_limits where plan_id = ${plan} and version = ${number}`;
  await tx`
    insert into subctl.plan_limits (plan_id, version, meter_id, "window", scope, limit_value, enforcement, overage_price, overage_per)
    select ${plan}, ${number}, l.* from jsonb_to_recordset(${tx.json(version.limits as never)})
      as l (meter text, "window" text, scope text, value numeric, enforcement text, "overagePrice" numeric, "overagePer" numeric)`;
}
