import { eq } from 'drizzle-orm';
import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import Big from 'big.js';
import { orm } from '../database/orm.ts';
import { discounts } from '../database/schema/catalog.ts';
import { readCurrencyCode, scaleOf } from '../domain/currency.ts';
import { Failure } from '../domain/failure.ts';
import { findPlanIds } from './find-plan-ids.ts';
import { type Discount, getDiscount } from './list-discounts.ts';

/** A code that lowers what is asked for a plan. */
export interface NewDiscount {
  code: string;
  /** of the bill, above 0 and at most 100; or else `amount` */
  percent?: string | undefined;
  amount?: string | undefined;
  /** of the amount */
  currency?: string | undefined;
  /** only these; all unless said */
  plans: readonly string[];
  maxUses?: number | undefined;
  maxUsesPerCustomer?: number | undefined;
  from?: Date | undefined;
  expires?: Date | undefined;
  /** how many periods one use lowers; undefined is the first alone */
  periods?: number | 'all' | undefined;
}

/**
 * Makes a code (P15). Codes are written in capitals, and read however they are typed.
 * @throws Failure usage for a percentage above 100 and what does not fit together, not_found for a plan, conflict for a code that exists
 */
export async function createDiscount(tx: Db, change: Change, asked: NewDiscount): Promise<Discount> {
  const code = asked.code.toUpperCase();
  const { kind, amount, currency } = readValue(asked);
  if (!/^[A-Z0-9][A-Z0-9_-]{0,63}$/.test(code))
    throw new Failure('usage', `The code '${asked.code}' has other signs than letters, digits, - and _`);
  if (asked.expires && asked.expires <= (asked.from ?? change.at))
    throw new Failure('usage', `The code would expire at ${asked.expires.toISOString()}, before it is good`);
  await findPlanIds(tx, asked.plans);
  const periods = asked.periods === 'all' ? null : (asked.periods ?? 1);
  const rows = await tx`
    insert into subctl.discounts (code, kind, amount, currency, plans, max_uses, max_uses_per_customer, starts_at, expires_at, periods, created_at)
    values (${code}, ${kind}, ${amount}, ${currency}, ${asked.plans.length > 0 ? [...asked.plans] : null}::text[], ${asked.maxUses ?? null},
            ${asked.maxUsesPerCustomer ?? null}, ${asked.from ?? null}, ${asked.expires ?? null}, ${periods}, ${change.at})
    on conflict do nothing returning code`;
  if (rows.length === 0)
    throw new Failure('conflict', `There is a code ${code} already`, { hint: 'subctl discounts list --all' });
  const made = await getDiscount(tx, code);
  await audit(tx, change, [{ entity: 'discount', key: code, before: null, after: made }]);
  return made;
}

function readValue({
  percent,
  amount,
  currency,
}: NewDiscount): Pick<Discount, 'kind' | 'amount' | 'currency'> {
  if ((percent === undefined) === (amount === undefined))
    throw new Failure('usage', 'A code takes off a percentage or an amount: either --percent or --amount');
  const value = new Big((percent ?? amount)!);
  if (value.lte(0)) throw new Failure('usage', `A code that takes off ${value.toFixed()} takes nothing off`);
  if (percent !== undefined) {
    if (value.gt(100))
      throw new Failure('usage', `A code cannot take off ${value.toFixed()} %: a price is never below 0`);
    if (currency !== undefined) throw new Failure('usage', 'A percentage has no currency');
    return { kind: 'percent', amount: value.toFixed(), currency: null };
  }
  if (currency === undefined)
    throw new Failure('usage', 'An amount has a currency', { hint: 'Add --currency USD' });
  readCurrencyCode(currency, 'currency');
  if (!value.round(scaleOf(currency)).eq(value))
    throw new Failure('usage', `An amount of ${value.toFixed()} is not one of ${currency}`);
  return { kind: 'fixed', amount: value.toFixed(), currency };
}

/** Gives a code to nobody any more; what was promised with it stays. @throws Failure not_found */
export async function deactivateDiscount(
  tx: Db,
  change: Change,
  asked: string,
): Promise<Discount & { changed: boolean }> {
  const before = await getDiscount(tx, asked.toUpperCase());
  await orm(tx).update(discounts).set({ active: false }).where(eq(discounts.code, before.code));
  const after = { ...before, active: false };
  await audit(tx, change, [{ entity: 'discount', key: before.code, before, after }]);
  return { ...after, changed: before.active };
}
