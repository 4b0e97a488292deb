import type { Db } from '../../src/database/connect.ts';

/** What is shown of a customer at an instant. */
export interface Reading {
  at: string;
  standing: Record<string, unknown>;
  /** null where the default plan held: a use writes its credits of the cycle that runs, and none of those before */
  balance: string | null;
  /** what is left of the grants that are listed (B29) */
  listed: string | null;
  limits: Record<string, string>;
}

/**
 * Reads a customer at some instants, in their order: standing and balance of credits, and from `now` on every limit with its window. Where a
 * window of the past was cut short is known only after it.
 */
export async function readAt(
  db: Db,
  customer: string,
  { instants, now }: { instants: readonly Date[]; now: Date },
): Promise<Reading[]> {
  const rows = await db<Reading[]>`
    select subctl_internal.iso(t.at) as at, case when e.basis <> 'default' then trim_scale(subctl_internal.credit_balance(${customer}, t.at)) end::text as balance,
           case when e.basis <> 'default' then (select trim_scale(coalesce(sum(l.remaining), 0)) from subctl_internal.live_credits(${customer}, t.at) l) end::text as listed,
           jsonb_build_object('plan', e.plan_id, 'version', e.version, 'status', e.status, 'access', e.access, 'reason', e.reason, 'every', e.every,
             'anchor', e.anchor, 'start', e.period_start, 'end', e.period_end, 'renews', e.auto_renew) as standing,
           coalesce((select jsonb_object_agg(concat_ws(' ', l.meter_id, l.win, l.scope, l.subject),
                              concat_ws(' ', trim_scale(l.used), 'of', trim_scale(l.limit_value), subctl_internal.iso(l.window_start), subctl_internal.iso(l.window_end)))
                       from subctl.usage_limits(${customer}, t.at) l where e.access and t.at >= ${now}), '{}') as limits
      from unnest(${instants.map((at) => at.toISOString())}::timestamptz[]) with ordinality t(at, n)
     cross join lateral subctl_internal.effective_subscription(${customer}, t.at) e
     order by t.n`;
  return [...rows];
}
