import { needCustomer } from '../customers/find-customer.ts';
import { call } from '../database/call.ts';
import type { Db } from '../database/connect.ts';

/** A live grant; `due` when it belongs to the plan and is not posted yet (R16). */
export interface LiveGrant {
  id: string;
  source: string;
  priority: number;
  remaining: string;
  expires_at: Date | null;
  amount: string;
  granted_at: Date;
  due: boolean;
}

export interface CreditSummary {
  balance: string;
  /** the amount of the live grants, and what is used of it */
  allotted: string;
  used: string;
  percent: string | null;
  unlimited: boolean;
  next_reset: Date | null;
  /** calendar days in the customer's time zone; a part of a day counts whole */
  days_until_reset: number | null;
}

export interface ShownCredits extends CreditSummary {
  grants: LiveGrant[];
  /** how many uses of each kind the balance pays for */
  uses_left: { kind: string; cost: string; uses: string }[];
}

/**
 * Shows a customer's credits at `now`, with grants in the order in which they are spent (R21), and the time zone for instants. Failure
 * not_found.
 */
export async function readCredits(
  db: Db,
  customer: string,
  now: Date,
): Promise<ShownCredits & { timezone: string }> {
  await needCustomer(db, customer);
  const summary = await summariseCredits(db, customer, now);
  const grants = await listGrants(db, customer, now);
  const uses_left = await db<ShownCredits['uses_left']>`
    select distinct on (c.kind) c.kind, trim_scale(c.amount)::text as cost, floor(greatest(${summary.balance}::numeric, 0) / c.amount)::text as uses
      from subctl_internal.effective_subscription(${customer}, ${now}) e
      join subctl.credit_costs c on c.plan_id in ('', e.plan_id)
     order by c.kind, c.plan_id desc`;
  const timezone = (await call(db, 'subctl_internal.zone_of', { customer, at: now }))!;
  const { balance, ...rest } = summary;
  return { balance, grants, ...rest, uses_left, timezone };
}

/** Reads the balance and its next renewal; customers without credits have a balance of 0. */
export async function summariseCredits(db: Db, customer: string, now: Date): Promise<CreditSummary> {
  const [row] = await db<[CreditSummary]>`
    select trim_scale(b.balance)::text as balance, trim_scale(g.allotted)::text as allotted, trim_scale(g.allotted - b.balance)::text as used,
           case when g.allotted > 0 then trim_scale(round((g.allotted - b.balance) * 100 / g.allotted, 2)) end::text as percent,
           coalesce(e.unlimited, false) as unlimited, n.next_reset,
           (n.next_reset at time zone e.timezone)::date - (${now}::timestamptz at time zone e.timezone)::date as days_until_reset
      from (select subctl_internal.credit_balance(${customer}, ${now}) as balance) b
     cross join (select coalesce(sum(amount), 0) as allotted from subctl_internal.live_credits(${customer}, ${now})) g
     cross join (select subctl_internal.next_credits(${customer}, ${now}) as next_reset) n
      left join (select s.timezone, v.credits_unlimited as unlimited
                   from subctl_internal.effective_subscription(${customer}, ${now}) s
                   left join subctl.plan_versions v on v.plan_id = s.plan_id and v.version = s.version) e on true`;
  return row;
}

async function listGrants(db: Db, customer: string, now: Date): Promise<LiveGrant[]> {
  return db<LiveGrant[]>`
    select id, source, priority, trim_scale(remaining)::text as remaining, expires_at, trim_scale(amount)::text as amount, granted_at, due
      from subctl_internal.live_credits(${customer}, ${now})
     where remaining > 0
     order by priority, expires_at nulls last, granted_at, id`;
}
