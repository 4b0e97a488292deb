import Big from 'big.js';
import type { Db } from '../database/connect.ts';

/** A plan version at the price and interval of a subscription. */
export interface RankedVersion {
  plan: string;
  version: number;
  every: string;
  price: string | null;
}

/**
 * Returns whether a change between two plan versions is an upgrade or a downgrade (R29): by the plans' ranks where both have one, else by
 * price per day; equal is an upgrade. A plan without a price is complimentary and counts as 0. On one plan the longer interval is an
 * upgrade.
 */
export async function directionOf(
  db: Db,
  from: RankedVersion,
  to: RankedVersion,
): Promise<'upgrade' | 'downgrade'> {
  const rows = await db<{ rank: number | null; days: string }[]>`
    select p.rank, (case i.unit when 'day' then i.n else i.n * 30.436875 end)::text as days
      from (values (1, ${from.plan}, ${from.every}), (2, ${to.plan}, ${to.every})) r(n, plan, every)
      join subctl.plans p on p.id = r.plan
     cross join lateral subctl_internal.interval_parts(r.every) i
     order by r.n`;
  const [old, next] = [rows[0]!, rows[1]!];
  if (from.plan === to.plan) return new Big(next.days).gte(old.days) ? 'upgrade' : 'downgrade';
  if (old.rank !== null && next.rank !== null) return next.rank >= old.rank ? 'upgrade' : 'downgrade';
  const perDay = (price: string | null, { days }: { days: string }) => new Big(price ?? '0').div(days);
  return perDay(to.price, next).gte(perDay(from.price, old)) ? 'upgrade' : 'downgrade';
}
