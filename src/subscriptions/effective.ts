import { type RowOf, callRows } from '../database/call.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/**
 * What a customer has at an instant, by dates alone; `subscription` and its status belong to one that the customer chose: null and `none`
 * without one.
 */
export interface Effective {
  customer: string;
  subscription: string | null;
  plan: string | null;
  version: number | null;
  status: string;
  access: boolean;
  reason: string | null;
  every: string | null;
  timezone: string;
  periodStart: Date | null;
  periodEnd: Date | null;
  since: Date | null;
  endsAt: Date | null;
  autoRenew: boolean | null;
  collection: string | null;
  basis: 'subscription' | 'fallback' | 'default' | 'none';
}

/** Reads `standing` of effective_subscription, the only source of access (R16). Failure not_found for an unknown customer. */
export async function getEffective(db: Db, customer: string, at: Date): Promise<Effective> {
  const [row] = await callRows(db, 'subctl_internal.standing', { customer, as_of: at });
  if (row) return effectiveOf(row);
  throw new Failure('not_found', `There is no customer '${customer}'`, {
    hint: `Search for it: subctl customers list --search '${customer.slice(0, 40)}'`,
  });
}

function effectiveOf(row: RowOf<'subctl_internal.standing'>): Effective {
  return {
    customer: row.customer_id!,
    subscription: row.subscription_id,
    plan: row.plan_id,
    version: row.version,
    status: row.status!,
    access: row.access!,
    reason: row.reason,
    every: row.every,
    timezone: row.timezone!,
    periodStart: row.period_start,
    periodEnd: row.period_end,
    since: row.since,
    endsAt: row.ends_at,
    autoRenew: row.auto_renew,
    collection: row.collection,
    basis: row.basis as Effective['basis'],
  };
}
