import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** What a customer has at an instant, by dates alone; `subscription` and its status are those of one that the customer chose: null and `none` without one. */
export interface Effective {
  customer: string;
  subscription: string | null;
  plan: string | null;
  version: number | null;
  status: string;
  access: boolean;
  reason: string | null;
  every: string | null;
  timezone: string;
  periodStart: Date | null;
  periodEnd: Date | null;
  since: Date | null;
  endsAt: Date | null;
  autoRenew: boolean | null;
  collection: string | null;
  basis: 'subscription' | 'fallback' | 'default' | 'none';
}

/** Reads `standing`, what pages say of effective_subscription, the one reader of access (R16). Failure not_found for an unknown customer. */
export async function getEffective(db: Db, customer: string, at: Date): Promise<Effective> {
  const [row] = await db<Effective[]>`
    select customer_id as customer, subscription_id as subscription, plan_id as plan, version, status, access, reason, every, timezone,
           period_start as "periodStart", period_end as "periodEnd", since, ends_at as "endsAt", auto_renew as "autoRenew", collection, basis
      from subctl.standing(${customer}, ${at})`;
  if (row) return row;
  throw new Failure('not_found', `There is no customer '${customer}'`, {
    hint: `Look for it: subctl customers list --search '${customer.slice(0, 40)}'`,
  });
}
