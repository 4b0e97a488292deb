import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';

/** What a customer has at an instant, by dates alone (R16), with the name of its plan. Instants are ISO 8601 in UTC. */
export interface Entitlements {
  customer: string;
  plan: string | null;
  plan_name: string | null;
  version: number | null;
  status: string;
  access: boolean;
  /** why there is no access */
  reason: string | null;
  basis: 'subscription' | 'fallback' | 'default' | 'none';
  every: string | null;
  timezone: string;
  period_start: string | null;
  period_end: string | null;
  ends_at: string | null;
  /** by name: every feature that exists, and the customer's value of it */
  features: Record<string, Entitlement>;
}

export interface Entitlement {
  /** whether the customer has it: access, and yes, an amount above 0 or unlimited, or a word */
  allowed: boolean;
  /** `not_in_plan`, `disabled`, or why there is no access */
  reason: string | null;
  type: 'boolean' | 'number' | 'text';
  /** true or false, a decimal string, or a word; null where the plan does not name it, and for an unlimited amount */
  value: boolean | string | null;
  unlimited: boolean;
}

/** Reads `standing` and the version of its plan; `now` null is the database's clock. Failure not_found. */
export async function getEntitlements(db: Db, customer: string, now: Date | null): Promise<Entitlements> {
  const [row] = await db<{ facts: Entitlements }[]>`
    select jsonb_build_object('customer', e.customer_id, 'plan', e.plan_id, 'plan_name', p.name, 'version', e.version, 'status', e.status,
             'access', e.access, 'reason', e.reason, 'basis', e.basis, 'every', e.every, 'timezone', e.timezone,
             'period_start', subctl_internal.iso(e.period_start), 'period_end', subctl_internal.iso(e.period_end), 'ends_at', subctl_internal.iso(e.ends_at),
             'features', coalesce((
               select jsonb_object_agg(f.feature, jsonb_build_object('allowed', f.allowed, 'reason', f.reason, 'type', f.type, 'unlimited', f.unlimited,
                        'value', case f.type when 'boolean' then to_jsonb(f.value::boolean) else to_jsonb(f.value) end))
                 from subctl.features(e.customer_id, n.now) f), '{}')) as facts
      from (select coalesce(${now}::timestamptz, clock_timestamp()) as now) n
     cross join lateral subctl_internal.standing(${customer}, n.now) e
      left join subctl.plans p on p.id = e.plan_id`;
  if (row) return row.facts;
  throw new Failure('not_found', `There is no customer '${customer}'`, {
    hint: `Search for it: subctl customers list --search '${customer.slice(0, 40)}'`,
  });
}
