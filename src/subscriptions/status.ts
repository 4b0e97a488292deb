import { type Customer, getCustomer } from '../customers/find-customer.ts';
import { type RowOf, callRows } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { type Effective, getEffective } from './effective.ts';

/** A limit with its usage, as a row of the status. */
export interface LimitStatus {
  meter: string;
  window: string;
  scope: string;
  subject: string;
  used: string;
  limit: string | null;
  remaining: string | null;
  percent: string | null;
  /** tenths of the limit that are used, at most 10; null without a limit */
  tenths: number | null;
  enforcement: string;
  source: string;
  resets_at: Date | null;
}

export interface CustomerStatus {
  customer: Customer;
  effective: Effective;
  /** the terms of its subscription, and its pending change; undefined without one */
  sold: Sold | undefined;
  planName: string | null;
  /** of the period: days on the wall clock, a part of a day counts whole */
  daysLeft: number | null;
  limits: LimitStatus[];
  /** `per_period` null: the plan gives none; `unlimited`: uses cost none */
  credits: {
    balance: string;
    per_period: string | null;
    unlimited: boolean;
    resets_at: Date | null;
    days_until_reset: number | null;
  };
  /** the next instant at which a limit or the credits reset */
  nextReset: Date | null;
}

/** The subscription that applies to a customer, at an instant by its dates. */
export interface Sold {
  price: string | null;
  currency: string | null;
  every: string;
  collection: string;
  cancels: boolean;
  pendingPlan: string | null;
  pendingAt: Date | null;
}

/** Shows everything about a customer at an instant, by dates. Failure not_found. */
export async function getStatus(db: Db, id: string, now: Date): Promise<CustomerStatus> {
  const customer = await getCustomer(db, id);
  const effective = await getEffective(db, id, now);
  const [found] = await callRows(db, 'subctl_internal.shown_subscription', {
    customer: id,
    subscription: effective.subscription,
    as_of: now,
  });
  const sold = found && soldOf(found);
  const limits = await listLimitStatus(db, id, now);
  const [rest] = await db<
    [
      {
        planName: string | null;
        daysLeft: number | null;
        balance: string;
        perPeriod: string | null;
        unlimited: boolean;
        creditsAt: Date | null;
        creditDays: number | null;
      },
    ]
  >`
    select p.name as "planName", ${daysUntil(db, db`${effective.periodEnd}::timestamptz`, effective.timezone, now)} as "daysLeft",
           trim_scale(subctl_internal.credit_balance(${id}, ${now}))::text as balance, trim_scale(v.credits)::text as "perPeriod",
           coalesce(v.credits_unlimited, false) as unlimited, c.at as "creditsAt", ${daysUntil(db, db`c.at`, effective.timezone, now)} as "creditDays"
      from (values (1)) one
      left join subctl.plans p on p.id = ${effective.plan}
      left join subctl.plan_versions v on v.plan_id = p.id and v.version = ${effective.version}
     cross join lateral (select subctl_internal.next_credits(${id}, ${now}) as at) c`;
  const { balance, perPeriod, unlimited, creditsAt, creditDays } = rest;
  const resets = [...limits.map(({ resets_at }) => resets_at), perPeriod === null ? null : creditsAt].filter(
    (at) => at !== null,
  );
  return {
    ...{ customer, effective, sold, limits, planName: rest.planName, daysLeft: rest.daysLeft },
    credits: {
      balance,
      per_period: perPeriod,
      unlimited,
      resets_at: creditsAt,
      days_until_reset: creditDays,
    },
    nextReset: resets.sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
  };
}

/** Days from `now` on the wall clock of the zone; a part of a day counts whole. */
function daysUntil(db: Db, at: ReturnType<Db>, zone: string, now: Date) {
  return db`ceil(extract(epoch from (${at} at time zone ${zone}) - (${now}::timestamptz at time zone ${zone})) / 86400)::int`;
}

async function listLimitStatus(db: Db, customer: string, now: Date): Promise<LimitStatus[]> {
  return db<LimitStatus[]>`
    select l.meter_id as meter, l.win as "window", l.scope, l.subject, trim_scale(l.used)::text as used, trim_scale(l.limit_value)::text as "limit",
           case when l.limit_value is not null then trim_scale(greatest(l.limit_value - l.used, 0)) end::text as remaining, trim_scale(round(l.percent, 2))::text as percent,
           case when l.limit_value is not null then least(10, case when l.limit_value > 0 then floor(l.percent / 10) else 10 end)::int end as tenths,
           l.enforcement, l.source, nullif(l.window_end, 'infinity') as resets_at
      from subctl.usage_limits(${customer}, ${now}) l`;
}

function soldOf(row: RowOf<'subctl_internal.shown_subscription'>): Sold {
  return {
    price: row.price,
    currency: row.currency,
    every: row.every!,
    collection: row.collection!,
    cancels: row.cancels!,
    pendingPlan: row.pending_plan,
    pendingAt: row.pending_at,
  };
}
