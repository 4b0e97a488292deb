import type { Db } from '../database/connect.ts';

/** The plan of a Stripe price. */
export interface PricedPlan {
  plan: string;
  version: number;
  every: string;
  currency: string;
  /** of one period and one seat */
  amount: string;
  graceDays: number;
}

/** Reads all Stripe prices at which plans are sold, by their ids. */
export async function listStripePrices(db: Db): Promise<Map<string, PricedPlan>> {
  const rows = await db<(PricedPlan & { id: string })[]>`
    select k.id, r.plan_id as plan, r.version, r."interval" as every, r.currency, trim_scale(r.amount)::text as amount,
           v.grace_days as "graceDays"
      from subctl.plan_prices r
      join subctl.plan_versions v on v.plan_id = r.plan_id and v.version = r.version
      join (select stripe_price_id as id, plan_id, version, "interval", currency from subctl.plan_prices
            union select stripe_price_id, plan_id, version, "interval", currency from subctl.plan_stripe_prices) k
        on (k.plan_id, k.version, k."interval", k.currency) = (r.plan_id, r.version, r."interval", r.currency)
     where k.id is not null and r.amount is not null`;
  return new Map(rows.map(({ id, ...plan }) => [id, plan]));
}
