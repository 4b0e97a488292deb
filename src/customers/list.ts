import type { Db } from '../database/connect.ts';

export interface CustomerRow {
  id: string;
  kind: string;
  name: string | null;
  email: string | null;
  plan: string | null;
  /** of a subscription that the customer chose; none without one */
  status: string;
  /** where the plan comes from: subscription, fallback, default, none */
  basis: string;
  access: boolean;
  timezone: string | null;
  created_at: Date;
  disabled_at: Date | null;
}

export interface CustomerFilter {
  now: Date;
  /** part of the id, the name or the address, in any case */
  search?: string | undefined;
  plan?: string | undefined;
  status?: string | undefined;
  kind?: string | undefined;
  /** only ids after this one */
  after?: string | undefined;
  limit: number;
}

/**
 * Lists customers by id with what each has at `now`, by dates (R16). A plan is searched among customers that had it, will have it, or may
 * have it as the default or a fallback; only their standing is evaluated one by one.
 */
export async function listCustomers(db: Db, filter: CustomerFilter): Promise<CustomerRow[]> {
  const { now, limit, plan = null, status = null, kind = null, after = null } = filter;
  const like = filter.search === undefined ? null : `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
  return db<CustomerRow[]>`
    with candidates as (
      select c.id, c.kind, c.name, c.email, c.timezone, c.created_at, c.disabled_at
        from subctl.customers c
       where (${after}::text is null or c.id > ${after})
         and (${kind}::text is null or c.kind = ${kind})
         and (${like}::text is null or c.id ilike ${like} or c.name ilike ${like} or c.email ilike ${like})
         and (${plan}::text is null
              or exists (select from subctl.plans p where p.is_default and p.id = ${plan} or p.fallback_plan_id = ${plan})
              or exists (select from subctl.subscriptions s where s.customer_id = c.id and ${plan} in (s.plan_id, s.pending_plan_id)))
       order by c.id
      offset 0
    )
    select c.id, c.kind, c.name, c.email, e.plan_id as plan, e.status, e.basis, e.access, c.timezone, c.created_at, c.disabled_at
      from candidates c
     cross join lateral subctl_internal.standing(c.id, ${now}) e
     where (${plan}::text is null or e.plan_id = ${plan}) and (${status}::text is null or e.status = ${status})
     order by c.id
     limit ${limit}`;
}
