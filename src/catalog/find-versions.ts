import type { Db } from '../database/connect.ts';
import type { Limit, PlanVersion, Price } from './catalogue.ts';

export interface NumberedVersion extends PlanVersion {
  planId: string;
  number: number;
  createdAt: Date;
}

interface VersionRow extends Omit<NumberedVersion, 'prices' | 'limits'> {
  prices: Price[];
  limits: Limit[];
}

/** Finds versions of plans with all their contents, oldest first: of `plan`, or the current one of every plan. */
export async function findVersions(db: Db, plan?: string): Promise<NumberedVersion[]> {
  return db<VersionRow[]>`
    select v.plan_id as "planId", v.version as number, v.created_at as "createdAt", v.trial_days as "trialDays",
           v.grace_days as "graceDays", v.net_days as "netDays", v.auto_renew as "autoRenew", v.credits,
           v.credits_unlimited as "creditsUnlimited", v.credits_every as "creditsEvery", v.rollover_max as "rolloverMax",
           (select coalesce(json_agg(json_build_object('name', f.name, 'type', f.type,
                     'value', case f.type when 'boolean' then to_json(f.value::boolean) else to_json(f.value) end) order by f.name collate "C"), '[]')
              from subctl.features_in(v.features) f) as features,
           v.allowed_models as "allowedModels", v.max_users as "maxUsers", v.per_seat as "perSeat", v.usage_on_change as "usageOnChange",
           v.proration_meter as "prorationMeter", v.alert_thresholds as "alertThresholds", v.extra,
           v.estimate_paid as "estimatePaid", v.estimate_free as "estimateFree",
           (select coalesce(json_agg(json_build_object('interval', p."interval", 'currency', p.currency, 'amount', p.amount::text,
                     'stripePriceId', p.stripe_price_id)
                     order by case i.unit when 'day' then i.n else i.n * 30.436875 end, p."interval", p.currency), '[]')
              from subctl.plan_prices p cross join lateral subctl_internal.interval_parts(p."interval") i
             where p.plan_id = v.plan_id and p.version = v.version) as prices,
           (select coalesce(json_agg(json_build_object('meter', l.meter_id, 'window', l."window", 'scope', l.scope,
                     'value', l.limit_value::text, 'enforcement', l.enforcement, 'overagePrice', l.overage_price::text,
                     'overagePer', l.overage_per::text)
                     order by l.meter_id collate "C", l."window" collate "C", l.scope), '[]')
              from subctl.plan_limits l
             where l.plan_id = v.plan_id and l.version = v.version) as limits
      from subctl.plan_versions v
      join subctl.plans p on p.id = v.plan_id
     where case when ${plan ?? null}::text is null then v.version = p.current_version else v.plan_id = ${plan ?? null} end
     order by v.plan_id collate "C", v.version`;
}
