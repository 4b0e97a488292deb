import type { Row } from '../database/columns.ts';
import type { discounts } from '../database/schema/catalog.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

export interface Discount
  extends
    Record<string, unknown>,
    Pick<
      Row<typeof discounts>,
      | ('code' | 'amount' | 'currency' | 'plans' | 'periods' | 'max_uses' | 'max_uses_per_customer')
      | ('starts_at' | 'expires_at' | 'active')
    > {
  kind: 'percent' | 'fixed';
  uses: number;
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
