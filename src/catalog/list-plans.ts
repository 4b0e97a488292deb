import type { Db } from '../database/connect.ts';
import type { Price } from './catalogue.ts';

/** A plan with the prices, limits and credits of its current version. */
export interface ListedPlan {
  id: string;
  name: string;
  version: number;
  /** the shortest interval first */
  prices: Pick<Price, 'interval' | 'currency' | 'amount'>[];
  /** live subscriptions of any version */
  subscribers: number;
  active: boolean;
  isDefault: boolean;
  rank: number | null;
  credits: string | null;
  catalogue: string | null;
}

/** Lists plans by rank, with their subscribers; inactive ones only with `all`. One query, because this list is read often. */
export async function listPlans(db: Db, { all }: { all: boolean }): Promise<ListedPlan[]> {
  return db<ListedPlan[]>`
    select p.id, p.name, p.current_version as version, p.active, p.is_default as "isDefault", p.rank, v.credits, p.catalogue,
           coalesce(s.subscribers, 0) as subscribers,
           (select coalesce(json_agg(json_build_object('interval', i."interval", 'currency', i.currency, 'amount', i.amount::text)
                     order by case u.unit when 'day' then u.n else u.n * 30.436875 end, i."interval", i.currency), '[]')
              from subctl.plan_prices i cross join lateral subctl_internal.interval_parts(i."interval") u
             where i.plan_id = p.id and i.version = p.current_version) as prices
      from subctl.plans p
      join subctl.plan_versions v on v.plan_id = p.id and v.version = p.current_version
      left join (select plan_id, sum(subscriptions)::int as subscribers from subctl.subscription_counts group by plan_id) s on s.plan_id = p.id
     where p.active or ${all}
     order by p.rank nulls last, p.id collate "C"`;
}
