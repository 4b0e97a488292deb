import type { Db } from '../database/connect.ts';

export interface Dependents {
  /** live subscriptions on the version */
  subscribers: number;
  /** whether anything, past or present, was counted or billed by the version */
  any: boolean;
}

/**
 * Counts what depends on a version of a plan: subscriptions of any status, pending changes, the history, and usage counted without a
 * subscription against the default or a fallback plan.
 */
export async function findDependents(
  db: Db,
  { plan, version }: { plan: string; version: number },
): Promise<Dependents> {
  const rows = await db<Dependents[]>`
    select live.n::int as subscribers,
           live.n > 0
             or exists (select from subctl.subscriptions where plan_id = ${plan} and version = ${version})
             or exists (select from subctl.subscriptions where pending_plan_id = ${plan} and pending_version = ${version})
             or exists (select from subctl.subscription_phases where plan_id = ${plan} and version = ${version})
             or (exists (select from subctl.plans where (id = ${plan} and is_default) or fallback_plan_id = ${plan})
                 and exists (select from subctl.usage_events
                              where plan_id = ${plan} and version = ${version} and subscription_id is null)) as any
      from (select count(*) as n from subctl.subscriptions
             where plan_id = ${plan} and version = ${version} and status in ('trialing', 'active', 'past_due', 'paused')) live`;
  return rows[0]!;
}

/** Counts live subscriptions by plan and version, for plans that have any. */
export async function countSubscribers(
  db: Db,
): Promise<{ plan: string; version: number; subscribers: number }[]> {
  return db<{ plan: string; version: number; subscribers: number }[]>`
    select plan_id as plan, version, count(*)::int as subscribers
      from subctl.subscriptions
     where status in ('trialing', 'active', 'past_due', 'paused')
     group by plan_id, version`;
}
