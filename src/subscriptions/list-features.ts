import { getCustomer } from '../customers/find-customer.ts';
import type { Db } from '../database/connect.ts';
import type { FeatureAnswer } from './can-use.ts';

export type ListedFeature = Omit<FeatureAnswer, 'customer' | 'plans'>;

/** Lists every feature of any plan, and the customer's value of it at `now`, by name. Failure not_found for an unknown customer. */
export async function listFeatures(
  db: Db,
  { customer, now }: { customer: string; now: Date | undefined },
): Promise<ListedFeature[]> {
  const rows = await db<ListedFeature[]>`
    select feature, type, allowed, reason, case type when 'boolean' then to_jsonb(value::boolean) else to_jsonb(value) end as value, unlimited, plan, status
      from subctl.features(${customer}, ${now ?? null})`;
  if (rows.length === 0) await getCustomer(db, customer);
  return rows;
}
