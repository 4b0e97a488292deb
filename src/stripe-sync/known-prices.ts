import { type Change, audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** A price of a version, in an interval and a currency. */
export interface PriceOfVersion {
  plan: string;
  version: number;
  every: string;
  currency: string;
}

/**
 * Links one more Stripe price with a version's price, beside the one that is sold, so that subscriptions on it are recognized. Returns
 * whether it is new.
 * @throws Failure conflict when the price belongs to another plan price
 */
export async function addKnownPrice(
  tx: Db,
  change: Change,
  { id, ...price }: PriceOfVersion & { id: string },
): Promise<boolean> {
  const { plan, version, every, currency } = price;
  await refuseOther(tx, { id, ...price });
  const added = await tx`
    insert into subctl.plan_stripe_prices (stripe_price_id, plan_id, version, "interval", currency)
    values (${id}, ${plan}, ${version}, ${every}, ${currency}) on conflict (stripe_price_id) do nothing returning 1`;
  if (added.length === 0) return false;
  const key = `${plan} ${version} ${every} ${currency}`;
  await audit(tx, change, [
    { customer: '', entity: 'plan price', key, before: null, after: { known_at_stripe: id } },
  ]);
  return true;
}

async function refuseOther(
  tx: Db,
  { id, plan, version, every, currency }: PriceOfVersion & { id: string },
): Promise<void> {
  const [other] = await tx<{ plan: string; version: number }[]>`
    select k.plan_id as plan, k.version
      from (select stripe_price_id, plan_id, version, "interval", currency from subctl.plan_prices
            union all select stripe_price_id, plan_id, version, "interval", currency from subctl.plan_stripe_prices) k
     where k.stripe_price_id = ${id}
       and (k.plan_id, k.version, k."interval", k.currency) <> (${plan}::text, ${version}::int, ${every}::text, ${currency}::text) limit 1`;
  if (other)
    throw new Failure('conflict', `${id} is already the price of version ${other.version} of ${other.plan}`, {
      hint: `subctl plans show ${other.plan}`,
    });
}
