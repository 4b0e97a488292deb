import type { Db } from '../database/connect.ts';
import { needCustomer } from './find-customer.ts';
import type { Override } from './set-limit.ts';

export interface OverrideRow extends Override {
  /** the limit of the plan that the customer has at `now`; null is unlimited, or not limited at all */
  plan_limit: string | null;
  plan: string | null;
}

/** Lists a customer's own limits that apply at `now` or later, with `all` also those that are over. Failure not_found. */
export async function listLimits(
  db: Db,
  { customer, now, all }: { customer: string; now: Date; all: boolean },
): Promise<OverrideRow[]> {
  await needCustomer(db, customer);
  return db<OverrideRow[]>`
    select o.meter_id as meter, o."window", o.scope, o.limit_value as "limit", l.limit_value as plan_limit, e.plan_id as plan,
           o.starts_at, o.ends_at, o.reason, o.actor
      from subctl.limit_overrides o
     cross join lateral subctl_internal.effective_subscription(o.customer_id, ${now}) e
      left join subctl.plan_limits l on l.plan_id = e.plan_id and l.version = e.version and l.meter_id = o.meter_id
                                    and l."window" = o."window" and l.scope = o.scope
     where o.customer_id = ${customer} and (${all}::boolean or o.ends_at is null or o.ends_at > ${now})
     order by o.meter_id collate "C", o."window" collate "C", o.scope, o.starts_at`;
}
