import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { fromMinorUnits, minorFromNumber } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { addKnownPrice } from './known-prices.ts';

const units: Record<string, string> = { day: 'd', week: 'w', month: 'mo', year: 'y' };

/**
 * Links a Stripe price with a plan, given as `price_…=plan`: with the newest version that has the same amount, currency and interval. For
 * prices that were created by hand. A version that is sold at another Stripe price knows this one too: subscriptions on it belong to the
 * plan.
 * @throws Failure usage for another form, refused when the plan has no such price, conflict when the price belongs to another version
 */
export async function linkPrice(
  tx: Db,
  change: Change,
  account: StripeAccount,
  pair: string,
): Promise<{ changed: boolean }> {
  const [, id, plan] = /^(price_\w+)=(\S+)$/.exec(pair) ?? [];
  if (!id || !plan)
    throw new Failure('usage', `The price '${pair}' is not of the form price_…=plan`, {
      hint: 'Give price_1Abc=pro',
    });
  const price = await account.ask((client) => client.prices.retrieve(id));
  const currency = price.currency.toUpperCase();
  const every = price.recurring && `${price.recurring.interval_count}${units[price.recurring.interval]}`;
  const amount =
    price.unit_amount === null
      ? null
      : fromMinorUnits(minorFromNumber(price.unit_amount, `unit_amount of ${id}`), currency);
  const [row] = await tx<{ version: number; held: string | null }[]>`
    select version, stripe_price_id as held from subctl.plan_prices
     where plan_id = ${plan} and "interval" = ${every ?? ''} and currency = ${currency} and amount = ${amount}::numeric
     order by (stripe_price_id = ${id}) desc nulls last, (stripe_price_id is null) desc, version desc limit 1`;
  if (!row)
    throw new Failure(
      'refused',
      `Plan ${plan} has no version with the price of ${id}, ${amount} ${currency} every ${every}`,
      { hint: `subctl plans show ${plan}` },
    );
  if (row.held === id) return { changed: false };
  if (row.held !== null)
    return {
      changed: await addKnownPrice(tx, change, { id, plan, version: row.version, every: every!, currency }),
    };
  await tx`
    update subctl.plan_prices set stripe_price_id = ${id}
     where plan_id = ${plan} and version = ${row.version} and "interval" = ${every} and currency = ${currency}`;
  await audit(tx, change, [
    {
      customer: '',
      entity: 'plan price',
      key: `${plan} ${row.version} ${every} ${currency}`,
      before: { stripe_price_id: null },
      after: { stripe_price_id: id },
    },
  ]);
  return { changed: true };
}
