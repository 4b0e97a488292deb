import { needCustomer } from '../customers/find-customer.ts';
import { callRows } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { type CreditSummary, summariseCredits } from '../credits/show.ts';

/** A limit of a customer in its current window; `limit` null is counted and never blocks. */
export interface CurrentLimit {
  meter: string;
  window: string;
  scope: string;
  /** the member, where each member has the limit */
  member: string | null;
  used: string;
  limit: string | null;
  remaining: string | null;
  percent: string | null;
  refused: string;
  enforcement: string;
  source: string;
  window_start: Date | null;
  resets_at: Date | null;
}

export interface CurrentUsage {
  customer: string;
  plan: string | null;
  status: string;
  /** where the plan comes from */
  basis: 'subscription' | 'fallback' | 'default' | 'none';
  /** of the fullest limit: active, warning from 80 % on, limit_reached from 100 % on */
  usage_status: 'active' | 'warning' | 'limit_reached';
  period_start: Date | null;
  period_end: Date | null;
  timezone: string;
  limits: CurrentLimit[];
  credits: CreditSummary;
}

/** Shows a customer's usage of every limit at `now`, in windows that are computed by dates, and its credits. Failure not_found. */
export async function showUsage(db: Db, customer: string, now: Date): Promise<CurrentUsage> {
  await needCustomer(db, customer);
  const [head] = await callRows(db, 'subctl_internal.standing', { customer, as_of: now });
  const limits = await db<(CurrentLimit & { full: number })[]>`
    select l.meter_id as meter, l.win as "window", l.scope, nullif(l.subject, '') as member, trim_scale(l.used)::text as used,
           trim_scale(l.limit_value)::text as "limit", case when l.limit_value is not null then trim_scale(greatest(l.limit_value - l.used, 0)) end::text as remaining,
           trim_scale(round(l.percent, 2))::text as percent, trim_scale(l.refused)::text as refused, l.enforcement, l.source,
           nullif(l.window_start, '-infinity') as window_start, nullif(l.window_end, 'infinity') as resets_at,
           case when l.used * 100 >= l.limit_value * 100 and l.limit_value > 0 then 2 when l.used * 100 >= l.limit_value * 80 and l.limit_value > 0 then 1 else 0 end as full
      from subctl.usage_limits(${customer}, ${now}) l`;
  const fullest = Math.max(0, ...limits.map(({ full }) => full));
  return {
    customer,
    plan: head!.plan_id,
    status: head!.status!,
    basis: head!.basis as CurrentUsage['basis'],
    usage_status: (['active', 'warning', 'limit_reached'] as const)[fullest]!,
    period_start: head!.period_start,
    period_end: head!.period_end,
    timezone: head!.timezone!,
    limits: limits.map(({ full: _, ...limit }) => limit),
    credits: await summariseCredits(db, customer, now),
  };
}
