import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

export interface Discount extends Record<string, unknown> {
  code: string;
  kind: 'percent' | 'fixed';
  amount: string;
  currency: string | null;
  plans: string[] | null;
  /** null is every period */
  periods: number | null;
  uses: number;
  max_uses: number | null;
  max_uses_per_customer: number | null;
  starts_at: Date | null;
  expires_at: Date | null;
  active: boolean;
}

/** Lists codes by name with how often each was used; with `all` also those that can no longer be redeemed. */
export async function listDiscounts(
  db: Db,
  { all, code = null }: { all: boolean; code?: string | null },
): Promise<Discount[]> {
  return db<Discount[]>`
    select d.code, d.kind, trim_scale(d.amount)::text as amount, d.currency, d.plans, d.periods,
           (select count(*)::int from subctl.discount_redemptions r where r.code = d.code) as uses, d.max_uses, d.max_uses_per_customer,
           d.starts_at, d.expires_at, d.active
      from subctl.discounts d
     where (${all} or d.active) and (${code}::text is null or d.code = ${code}) order by d.code`;
}

/** Finds a discount code. @throws Failure not_found */
export async function getDiscount(db: Db, code: string): Promise<Discount> {
  const [found] = await listDiscounts(db, { all: true, code });
  if (found) return found;
  throw new Failure('not_found', `There is no discount code ${code}`, {
    hint: 'subctl discounts list --all',
  });
}
