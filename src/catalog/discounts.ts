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

/** A discount code. */
export interface NewDiscount {
  code: string;
  /** of the bill, above 0 and at most 100; or else `amount` */
  percent?: string | undefined;
  amount?: string | undefined;
  /** of the amount */
  currency?: string | undefined;
  /** only for these plans; all by default */
  plans: readonly string[];
  maxUses?: number | undefined;
  maxUsesPerCustomer?: number | undefined;
  from?: Date | undefined;
  expires?: Date | undefined;
  /** how many periods one use discounts; undefined is the first alone */
  periods?: number | 'all' | undefined;
}

/**
 * Creates a discount code. Codes are stored in capitals and read in any case.
 * @throws Failure usage for a percentage above 100 and options that do not fit together, not_found for a plan, conflict for a code that
 * exists
 */
export async function createDiscount(tx: Db, change: Change, asked: NewDiscount): Promise<Discount> {
  const code = asked.code.toUpperCase();
  const { kind, amount, currency } = readValue(asked);
  if (!/^[A-Z0-9][A-Z0-9_-]{0,63}$/.test(code))
    throw new Failure('usage', `The code '${asked.code}' has characters other than letters, digits, - and _`);
  if (asked.expires && asked.expires <= (asked.from ?? change.at))
    throw new Failure(
      'usage',
      `The code would expire at ${asked.expires.toISOString()}, before it becomes valid`,
    );
  await findPlanIds(tx, asked.plans);
  const periods = asked.periods === 'all' ? null : (asked.periods ?? 1);
  const { maxUses, maxUsesPerCustomer, from: startsAt, expires: expiresAt } = asked;
  const plans = asked.plans.length > 0 ? [...asked.plans] : null;
  const rows = await orm(tx)
    .insert(discounts)
    .values({
      ...{ code, kind, amount, currency, plans, periods, createdAt: change.at },
      ...{ maxUses, maxUsesPerCustomer, startsAt, expiresAt },
    })
    .onConflictDoNothing()
    .returning({ code: discounts.code });
  if (rows.length === 0)
    throw new Failure('conflict', `Discount code ${code} already exists`, {
      hint: 'subctl discounts list --all',
    });
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
    throw new Failure('usage', 'A discount is a percentage or an amount: give either --percent or --amount');
  const value = new Big((percent ?? amount)!);
  if (value.lte(0))
    throw new Failure('usage', `A discount of ${value.toFixed()} has no effect: it must be above 0`);
  if (percent !== undefined) {
    if (value.gt(100))
      throw new Failure('usage', `A discount of ${value.toFixed()} % is too high: at most 100 %`);
    if (currency !== undefined) throw new Failure('usage', 'A percentage has no currency');
    return { kind: 'percent', amount: value.toFixed(), currency: null };
  }
  if (currency === undefined)
    throw new Failure('usage', 'A discount amount needs a currency', { hint: 'Add --currency USD' });
  readCurrencyCode(currency, 'currency');
  if (!value.round(scaleOf(currency)).eq(value))
    throw new Failure('usage', `${value.toFixed()} has too many decimals for ${currency}`);
  return { kind: 'fixed', amount: value.toFixed(), currency };
}

/** Closes a code to new uses. Discounts that were already redeemed stay. @throws Failure not_found */
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
